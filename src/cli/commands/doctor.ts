import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { hasAuth, openHostProblem, type Settings, type TenantSettings } from '../../config/index.ts';
import { readCoverage } from '../../mirror/index.ts';
import { freshThrough } from '../../poller/index.ts';
import { createClockOffset } from '../../upstream/index.ts';
import type { Command, Shell } from '../command.ts';
import { configured, insecureOption, insecureUpstream } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { iso } from '../iso.ts';
import { openMirrorReader } from '../openMirrorReader.ts';
import { connectUpstream, measureClock } from '../reachUpstream.ts';

type Finding = { verdict: 'ok' | 'note' | 'FAIL'; what: string; detail: string };

const GIBIBYTE = 2 ** 30;
const LEAST_FREE_BYTES = GIBIBYTE / 4;
/** A floor of 5,000 agents for the default 90 days takes more; one of 500 fits. */
const COMFORTABLE_FREE_BYTES = 4 * GIBIBYTE;
/** The gateway goes by the server's clock: a wrong local one only makes logs hard to compare. */
const LARGE_OFFSET_MS = 2_000;

export const doctor: Command = {
  options: insecureOption('take it that the gateway is started with --insecure'),
  async run(values, shell) {
    const settings = configured(shell);
    const insecure = values['insecure'] !== undefined;
    const findings: Finding[] = [
      {
        verdict: 'ok',
        what: 'settings',
        detail: `${settings.tenants.length} tenant${settings.tenants.length === 1 ? '' : 's'}`,
      },
      checkRuntime(),
      await checkPort(settings),
      checkAuth(settings, insecure),
    ];
    for (const tenant of settings.tenants) {
      findings.push(
        ...(await checkUpstream(tenant, settings, shell, insecure)),
        checkDisk(tenant),
        checkMirror(tenant),
      );
    }
    for (const { verdict, what, detail } of findings) {
      shell.print(`${verdict.padEnd(4)}  ${what.padEnd(9)}  ${detail}`);
    }
    return findings.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0;
  },
};

const checkRuntime = (): Finding => {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    verdict: major >= 24 ? 'ok' : 'FAIL',
    what: 'runtime',
    detail: `Node ${process.versions.node}${major >= 24 ? '' : '; 24 or newer is needed'}`,
  };
};

const checkPort = async ({ host, port }: Settings): Promise<Finding> => {
  const server = createServer();
  const problem = await new Promise<NodeJS.ErrnoException | null>((done) => {
    server.once('error', done);
    server.listen(port, host, () => server.close(() => done(null)));
  });
  if (problem === null) return { verdict: 'ok', what: 'port', detail: `${host}:${port} is free` };
  if (problem.code === 'EADDRINUSE') {
    return {
      verdict: 'note',
      what: 'port',
      detail: `PORT=${port} is taken on ${host}: by a running gateway, or another program`,
    };
  }
  return { verdict: 'FAIL', what: 'port', detail: `HOST=${host}, PORT=${port}: ${problem.message}` };
};

const checkAuth = (settings: Settings, insecure: boolean): Finding => {
  const { host, apiKeys, jwt } = settings;
  if (hasAuth(settings)) {
    const keys = apiKeys.length === 0 ? [] : [`${apiKeys.length} API key${apiKeys.length === 1 ? '' : 's'}`];
    const tokens = jwt === null ? [] : [`tokens by the keys at ${jwt.jwksUrl}`];
    return { verdict: 'ok', what: 'auth', detail: [...keys, ...tokens].join(', ') };
  }
  const problem = openHostProblem(host);
  if (problem === null) {
    return { verdict: 'ok', what: 'auth', detail: `none; only this machine reaches ${host}` };
  }
  if (!insecure) return { verdict: 'FAIL', what: 'auth', detail: `HOST: ${problem}` };
  return { verdict: 'note', what: 'auth', detail: `none: whoever reaches ${host} is served` };
};

const checkUpstream = async (
  tenant: TenantSettings,
  settings: Settings,
  shell: Shell,
  insecure: boolean,
): Promise<Finding[]> => {
  const { upstream } = tenant;
  if (upstream.kind === 'SIMULATOR') {
    return [{ verdict: 'note', what: 'upstream', detail: 'none is configured: the simulator stands in' }];
  }
  const clearText = insecureUpstream(tenant);
  if (clearText !== null && !insecure) return [{ verdict: 'FAIL', what: 'upstream', detail: clearText }];
  const { clock } = shell;
  const offset = createClockOffset();
  const findings: Finding[] = [];
  try {
    const { records } = await measureClock(
      connectUpstream(tenant, upstream, settings, clock),
      offset,
      clock,
      shell.stop,
    );
    findings.push({
      verdict: 'ok',
      what: 'upstream',
      detail: `${upstream.baseUrl} answers and accepts the credentials (${records} records in a probe of 10 s)`,
    });
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    findings.push({ verdict: 'FAIL', what: 'upstream', detail: error.message });
  }
  findings.push(clockFinding(offset.interval(clock.monotonicMs()), clock.nowMs() - clock.monotonicMs()));
  return findings;
};

const clockFinding = (
  interval: { lowMs: number; highMs: number } | null,
  wallMinusMonotonicMs: number,
): Finding => {
  if (!interval) return { verdict: 'note', what: 'clock', detail: "upstream's clock is not known" };
  const lowMs = Math.round(interval.lowMs - wallMinusMonotonicMs);
  const highMs = Math.round(interval.highMs - wallMinusMonotonicMs);
  const wrong = lowMs > LARGE_OFFSET_MS || highMs < -LARGE_OFFSET_MS;
  return {
    verdict: wrong ? 'note' : 'ok',
    what: 'clock',
    detail: `upstream's is ahead of this machine's by ${lowMs} to ${highMs} ms${wrong ? '; set this machine to network time' : ''}`,
  };
};

const nearestFolder = (path: string): string => {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder);
};

const checkDisk = ({ database }: TenantSettings): Finding => {
  const folder = nearestFolder(resolve(database));
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const verdict = freeBytes < LEAST_FREE_BYTES ? 'FAIL' : freeBytes < COMFORTABLE_FREE_BYTES ? 'note' : 'ok';
  return {
    verdict,
    what: 'disk',
    detail: `${(freeBytes / GIBIBYTE).toFixed(1)} GiB free for RTA_DATABASE ${database}`,
  };
};

const checkMirror = (tenant: TenantSettings): Finding => {
  const { database } = tenant;
  if (!existsSync(database)) {
    return {
      verdict: 'ok',
      what: 'mirror',
      detail: `${database} does not exist yet; the first start creates it`,
    };
  }
  try {
    const reader = openMirrorReader(tenant);
    const freshMs = freshThrough(readCoverage(reader));
    reader.close();
    return {
      verdict: 'ok',
      what: 'mirror',
      detail: `${database} is sound${freshMs === null ? ', and empty' : `, fresh through ${iso(freshMs)}`}`,
    };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return { verdict: 'FAIL', what: 'mirror', detail: error.message };
  }
};
