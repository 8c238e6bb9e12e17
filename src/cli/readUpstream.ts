import type { AgentStateRecord, ReadFailure, Upstream } from '../upstream/index.ts';
import type { Shell } from './command.ts';
import { CliFailure } from './failure.ts';
import { iso } from './iso.ts';
import { createProgress } from './progress.ts';
import type { Range } from './range.ts';
import { explainFailure } from './reachUpstream.ts';

/** Upstream's ten minutes, less room for edges that it may cut to whole seconds. */
const WINDOW_MS = 590_000;
/** Asked for on both sides of a window, and not of what is compared. */
export const EDGE_MS = 2_000;
/** Upstream's edges are whole seconds. */
const SHORTEST_WINDOW_MS = 1_000;
const ATTEMPTS = 4;

const tooLarge = ({ fromMs, toMs }: Range, { message }: ReadFailure) =>
  new CliFailure(1, [
    `--from, --to: one second of upstream, ${iso(fromMs)} to ${iso(toMs)}, is too large an answer (${message}); ask for a range without it`,
  ]);

const refused = ({ fromMs, toMs }: Range, { message }: ReadFailure) =>
  new CliFailure(1, [
    `--from: upstream refuses ${iso(fromMs)} to ${iso(toMs)} (${message}), as it does what is out of its reach; ask from later on`,
  ]);

/**
 * Everything that upstream shows of a range, by content: versions of one record stay apart. A window whose answer is too
 * large is asked for in halves. Throws CliFailure.
 */
export const readUpstream = async (
  client: Upstream,
  range: Range,
  shell: Shell,
): Promise<Map<string, AgentStateRecord>> => {
  const records = new Map<string, AgentStateRecord>();
  const progress = createProgress(shell, 'reading upstream');
  let windowMs = WINDOW_MS;
  let fromMs = range.fromMs;
  let failures = 0;
  while (fromMs < range.toMs) {
    const window = { fromMs, toMs: Math.min(fromMs + windowMs, range.toMs) };
    const ask = { fromMs: window.fromMs - EDGE_MS, toMs: window.toMs + EDGE_MS };
    const outcome = await client.readWindow(ask, shell.stop);
    if (outcome.kind === 'READ') {
      for (const record of outcome.records) {
        const within = record.startMs >= range.fromMs && record.startMs < range.toMs;
        if (within) records.set(JSON.stringify(record), record);
      }
      fromMs = window.toMs;
      failures = 0;
      windowMs = Math.min(windowMs * 2, WINDOW_MS);
      progress.at(fromMs - range.fromMs, range.toMs - range.fromMs, `the range, ${records.size} records`);
      continue;
    }
    if (outcome.code === 'TOO_LARGE') {
      if (windowMs <= SHORTEST_WINDOW_MS) throw tooLarge(window, outcome);
      windowMs = Math.max(SHORTEST_WINDOW_MS, Math.floor(windowMs / 2));
      continue;
    }
    if (outcome.code === 'BAD_REQUEST') throw refused(window, outcome);
    failures += 1;
    if (failures === ATTEMPTS || shell.stop.aborted || outcome.code === 'UNAUTHORIZED') {
      throw new CliFailure(1, [explainFailure(outcome)]);
    }
    await shell.clock.sleep(outcome.retryAfterMs ?? 500 * 2 ** failures, shell.stop);
  }
  progress.end();
  return records;
};
