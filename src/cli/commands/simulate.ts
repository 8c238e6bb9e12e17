import { parseSimulatorFlags, simulatorFlags, startSimulator } from '../../simulator/index.ts';
import type { Command, Option } from '../command.ts';
import { CliFailure } from '../failure.ts';

const options: Record<string, Option> = Object.fromEntries(
  simulatorFlags.map(({ name, kind, choices, default: fallback, description }): [string, Option] => [
    name,
    {
      kind: kind === 'boolean' && fallback === 'false' ? 'boolean' : 'text',
      placeholder: choices ? choices.join('|') : kind,
      description,
      ...(fallback === '' ? {} : { default: fallback }),
    },
  ]),
);

export const simulate: Command = {
  options,
  async run(values, shell) {
    const given = Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const parsed = parseSimulatorFlags(given);
    if (parsed.kind === 'ERRORS') throw new CliFailure(2, parsed.errors);
    const { options: simulated } = parsed;
    const simulator = await startSimulator({ ...simulated, clock: shell.clock }).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
        throw new CliFailure(1, [
          `--port: something else listens on ${simulated.port}; choose another, or 0 for any`,
        ]);
      }
      throw error;
    });
    shell.print(`The vendor's page is simulated at ${simulator.baseUrl}`);
    shell.print('Point a gateway at it:');
    shell.print(
      `  RTA_UPSTREAM_URL=${simulator.baseUrl} RTA_TENANT_ID=${simulator.tenantId} RTA_USERNAME=${simulated.username} RTA_PASSWORD=${simulated.password} npm start`,
    );
    await new Promise<void>((resolve) => {
      if (shell.stop.aborted) resolve();
      else shell.stop.addEventListener('abort', () => resolve(), { once: true });
    });
    await simulator.stop();
    return 0;
  },
};
