import { formatDuration } from '../../config/index.ts';
import { startGateway } from '../../main.ts';
import { createLogger } from '../../observability/index.ts';
import type { PollerStatus } from '../../poller/index.ts';
import { TenantRefusedError } from '../../tenant/index.ts';
import type { Command, Shell } from '../command.ts';
import { configured } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { drawBar } from '../progressBar.ts';

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

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

/** Draws the first back-fill as a bar on a terminal, once, and then keeps quiet. */
const createBackfillBar = (shell: Shell) => {
  let done = false;
  return ({ backfill, health }: PollerStatus) => {
    if (!shell.terminal || done || !backfill || health === 'AUTH_FAILED') return;
    done = backfill.complete;
    const { doneMs, totalMs } = backfill;
    shell.redraw(drawBar('history', doneMs, totalMs, formatDuration(totalMs)));
    if (done) shell.printError('');
  };
};

export const serve: Command = {
  name: 'serve',
  summary: 'poll upstream and serve GraphQL (the default)',
  options: {
    insecure: { kind: 'boolean', description: 'listen beyond loopback although no auth is configured' },
  },
  async run(values, shell) {
    const settings = configured(shell);
    const open = settings.apiKeys.length === 0 && settings.jwt === null;
    if (open && !isLoopback(settings.host) && values['insecure'] === undefined) {
      throw new CliFailure(2, [
        `HOST=${settings.host}: would serve everybody, as no auth is configured; set RTA_API_KEYS or RTA_JWKS_URL, or pass --insecure`,
      ]);
    }
    const log = createLogger({ level: settings.logLevel, format: settings.logFormat });
    const bar = createBackfillBar(shell);
    const gateway = await startGateway(settings, {
      clock: shell.clock,
      log,
      onStatus: (_tenantId, status) => bar(status),
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
    log.info({ url, simulated: simulator !== null }, 'serving');

    await new Promise<void>((resolve) => {
      if (shell.stop.aborted) resolve();
      else shell.stop.addEventListener('abort', () => resolve(), { once: true });
    });
    log.info({}, 'stopping');
    await gateway.stop();
    return 0;
  },
};
