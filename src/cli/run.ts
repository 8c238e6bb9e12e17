import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import type { Command, CommandEntry, Shell } from './command.ts';
import { CliFailure, type ExitCode } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';

const parse = (name: string, command: Command, args: string[]): Record<string, string | undefined> => {
  try {
    const { values } = parseArgs({
      args,
      strict: true,
      allowPositionals: false,
      options: {
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(
          Object.entries(command.options).map(([name, option]) => [
            name,
            { type: option.kind === 'boolean' ? ('boolean' as const) : ('string' as const) },
          ]),
        ),
      },
    });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      const problem = error.message.split('. ')[0] ?? error.message;
      throw new CliFailure(2, [`rta-gateway ${name}: ${problem}; see rta-gateway ${name} --help`]);
    }
    throw error;
  }
};

/** Runs one command line; the first command is the default. */
export const runCommandLine = async (
  args: readonly string[],
  commands: readonly [CommandEntry, ...CommandEntry[]],
  shell: Shell,
): Promise<ExitCode> => {
  const [first, ...rest] = args;
  try {
    if (first === '--version' || first === '-v') {
      shell.print(packageJson.version);
      return 0;
    }
    if (first === '--help' || first === '-h' || first === 'help') {
      shell.print(generalHelp(commands));
      return 0;
    }
    const named = first !== undefined && !first.startsWith('-');
    const entry = named ? commands.find(({ name }) => name === first) : commands[0];
    if (!entry) {
      const names = commands.map(({ name }) => name).join(', ');
      throw new CliFailure(2, [`rta-gateway: there is no command ${first}; there are ${names}`]);
    }
    const command = await entry.load();
    const values = parse(entry.name, command, named ? rest : [...args]);
    if (values['help'] !== undefined) {
      shell.print(commandHelp(entry, command));
      return 0;
    }
    return await command.run(values, shell);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    for (const line of error.lines) shell.printError(line);
    return error.exitCode;
  }
};
