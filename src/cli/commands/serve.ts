import { startGateway } from '../../main.ts';
import { createLogger } from '../../observability/index.ts';
import { TenantRefusedError } from '../../tenant/index.ts';
import type { Command } from '../command.ts';
import { configured, insecureOption } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { createProgressBar } from '../progressBar.ts';
import { createBackfillTeller } from '../tellBackfill.ts';

/** What a failed start says about itself: one line that names the setting. */
const startFailure = (error: unknown, host: string, port: number): unknown => {
  if (error instanceof TenantRefusedError) return new CliFailure(1, [error.message]);
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    return new CliFailure(1, [
      `PORT=${port}: something else listens on ${host}:${port}; stop it or set another PORT`,
    ]);
  }
  if (error.code === 'EACCES') return new CliFailure(1, [`PORT=${port}: this user may not listen on it`]);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new CliFailure(1, [`HOST=${host}: this machine has no such address`]);
  }
  return error;
};

export const serve: Command = {
  options: insecureOption('listen beyond loopback without auth, and ask an upstream without TLS'),
  async run(values, shell) {
    const settings = configured(shell, { refuseUnsafe: values['insecure'] === undefined });
    const bar = createProgressBar(shell.writeError);
    const log = createLogger({
      level: settings.logLevel,
      format: settings.logFormat,
      colors: shell.terminal,
      ...(shell.terminal ? { write: bar.above } : {}),
    });
    const tellBackfill = createBackfillTeller(log, shell.terminal ? bar : null);
    let announced = false;
    const gateway = await startGateway(settings, {
      clock: shell.clock,
      log,
      onStatus(tenantId, status) {
        // The bar stands below the addresses, never among them.
        if (announced) tellBackfill(tenantId, status);
      },
    }).catch((error: unknown) => {
      throw startFailure(error, settings.host, settings.port);
    });

    const { url, simulator } = gateway;
    shell.print(
      `rta-gateway is serving ${settings.tenants.length === 1 ? 'one tenant' : `${settings.tenants.length} tenants`}`,
    );
    if (simulator) {
      shell.print(`  No upstream is configured: a simulated floor stands in, at ${simulator.baseUrl}`);
      shell.print('  Set RTA_UPSTREAM_URL, RTA_TENANT_ID, RTA_USERNAME and RTA_PASSWORD for the real one.');
    }
    shell.print(`  ${url}/          the floor, live`);
    shell.print(`  ${url}/graphql   GraphiQL in a browser; GraphQL over HTTP, SSE and WebSocket`);
    shell.print(`  ${url}/readyz    readiness; /status, /metrics beside it`);
    announced = true;
    if (!shell.terminal) log.info({ url, simulated: simulator !== null }, 'serving');

    await new Promise<void>((resolve) => {
      if (shell.stop.aborted) resolve();
      else shell.stop.addEventListener('abort', () => resolve(), { once: true });
    });
    log.info({}, 'stopping');
    await gateway.stop();
    return 0;
  },
};
