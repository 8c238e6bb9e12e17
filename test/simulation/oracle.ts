import {
  applyCoverage,
  type CoverageSlice,
  completeThrough,
  freshThrough,
  reReadAges,
  type Span,
  sliceAt,
} from '../../src/poller/index.ts';
import { subtractSpans, totalMs, unionSpans } from '../../src/poller/spans.ts';
import type { TruthRow } from '../../src/simulator/index.ts';
import { parseRecord } from '../../src/upstream/index.ts';
import type { TrueRead } from './feedUpstream.ts';
import type { Played } from './simulate.ts';

const GUARD_MS = 1_000;
const MINUTE_MS = 60_000;
const MOST_A_MINUTE = 100;
const MOST_TRIES = 300;
/** A poller that is not sure of the server's clock takes its reads for younger than they were. */
const CLOCK_DOUBT_MS = 5 * MINUTE_MS;

/** Everything that is wrong with how a seed was played; empty when it was right. One sentence each. */
export const violationsOf = (played: Played): string[] => [
  ...illegalRequests(played),
  ...earlyRequests(played),
  ...hammering(played),
  ...unjustifiedCoverage(played),
  ...watermarkFaults(played),
  ...unfinished(played),
];

const iso = (ms: number): string => new Date(ms).toISOString();
const show = ({ fromMs, toMs }: Span): string => `[${iso(fromMs)}, ${iso(toMs)})`;

/** No end in the future, no window over the limit, and no start out of reach. */
const illegalRequests = ({ reads, plan }: Played): string[] =>
  reads
    .filter(
      ({ ask, answeredMs }) =>
        ask.toMs > answeredMs ||
        ask.toMs - ask.fromMs > plan.settings.maxWindowMs ||
        ask.fromMs < answeredMs - plan.settings.retentionReachMs,
    )
    .map(({ ask, answeredMs }) => `illegal request ${show(ask)} at ${iso(answeredMs)}`);

/** Neither a window that upstream chokes on nor anything else makes the gateway hammer. */
const hammering = ({ reads, plan }: Played): string[] => {
  const faults: string[] = [];
  const perMinute = new Map<string, number>();
  for (const { answeredMs, life } of reads) {
    const minute = `${iso(Math.floor(answeredMs / MINUTE_MS) * MINUTE_MS)} of life ${life}`;
    perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
  }
  for (const [minute, count] of perMinute) {
    if (count > MOST_A_MINUTE) faults.push(`${count} requests in the minute of ${minute}`);
  }
  for (const atMs of plan.chokesAtMs) {
    const tries = reads.filter(
      ({ ask, failure }) => failure !== null && ask.fromMs <= atMs && atMs < ask.toMs,
    );
    if (tries.length > MOST_TRIES) faults.push(`asked ${tries.length} times for what upstream chokes on`);
  }
  return faults;
};

const earlyRequests = ({ reads }: Played): string[] => {
  const early: string[] = [];
  for (const [i, read] of reads.entries()) {
    const next = reads[i + 1];
    if (read.quietUntilMs !== null && next?.life === read.life && next.answeredMs < read.quietUntilMs) {
      early.push(`asked at ${iso(next.answeredMs)} though told to wait until ${iso(read.quietUntilMs)}`);
    }
  }
  return early;
};

/** What a read can vouch for at an age of `ageMs` or more, by the server's true clock. */
const vouchedFor = ({ ask, answeredMs }: TrueRead, ageMs: number): Span => ({
  fromMs: ask.fromMs + GUARD_MS,
  toMs: Math.min(ask.toMs - GUARD_MS, answeredMs - ageMs),
});

/** At every commit: nothing is claimed that no committed read can vouch for, and nothing given up that one can. */
const unjustifiedCoverage = ({ commits, plan }: Played): string[] => {
  const { settings } = plan;
  const claims = [
    { levels: ['PROVISIONAL', 'SETTLED', 'SEALED'], ageMs: 0 },
    { levels: ['SETTLED', 'SEALED'], ageMs: settings.settleMs },
    { levels: ['SEALED'], ageMs: reReadAges(settings).at(-1)! },
    { levels: [], ageMs: settings.settleMs + CLOCK_DOUBT_MS },
  ].map((claim) => ({ ...claim, vouched: [] as Span[] }));
  const faults: string[] = [];
  for (const { frame, read, serverNowMs } of commits) {
    for (const claim of claims) {
      if (read) claim.vouched = unionSpans([...claim.vouched, vouchedFor(read, claim.ageMs)]);
      const claimed = frame.coverage.filter(({ level }) => claim.levels.includes(level));
      for (const span of subtractSpans(claimed, claim.vouched)) {
        faults.push(`at ${iso(serverNowMs)} ${claim.levels.join('/')} without a read for ${show(span)}`);
      }
    }
    // An empty answer that nobody believed vouches for nothing.
    if (plan.faults.empty > 0) continue;
    const lost = frame.coverage.filter(({ cause }) => cause === 'EXPIRED');
    const unread = subtractSpans(lost, claims[3]!.vouched);
    if (totalMs(unread) < totalMs(lost)) {
      faults.push(`at ${iso(serverNowMs)} given up though read: ${lost.map(show).join(' ')}`);
    }
  }
  return faults;
};

const watermarkFaults = ({ commits, plan }: Played): string[] => {
  const faults: string[] = [];
  let beforeMs = Number.NEGATIVE_INFINITY;
  let coverage: CoverageSlice[] = [];
  for (const { frame, serverNowMs } of commits) {
    coverage = applyCoverage(coverage, frame.coverage);
    const freshThroughMs = freshThrough(coverage);
    const completeThroughMs = completeThrough(coverage);
    if ((freshThroughMs ?? 0) > serverNowMs - plan.settings.settleMs) {
      faults.push(`freshThrough ${iso(freshThroughMs!)} at ${iso(serverNowMs)}`);
    }
    if (completeThroughMs === null) continue;
    if (completeThroughMs < beforeMs) {
      faults.push(`completeThrough fell from ${iso(beforeMs)} to ${iso(completeThroughMs)}`);
    }
    beforeMs = completeThroughMs;
  }
  return faults;
};

/** After hours without faults nothing is left to be done but what is lost for ever, and nothing is missing. */
const unfinished = (played: Played): string[] => {
  const { plan, state, commits } = played;
  const faults: string[] = [];
  const last = state.coverage.at(-1);
  if (!last || last.toMs < plan.endMs - 2 * MINUTE_MS) faults.push('the present is not read');
  for (const [i, slice] of state.coverage.entries()) {
    const before = state.coverage[i - 1];
    if (before && before.toMs !== slice.fromMs) faults.push(`a hole before ${iso(slice.fromMs)}`);
    const final = slice.cause === 'EXPIRED' || slice.cause === 'CHAIN_BREAK';
    if (slice.level === 'GAP' && !final) faults.push(`${slice.cause} left: ${show(slice)}`);
    const sealedMs = Math.min(slice.toMs, plan.endMs - reReadAges(plan.settings).at(-1)! - 20 * MINUTE_MS);
    if (slice.level === 'SETTLED' && sealedMs > Math.max(slice.fromMs, plan.calmMs)) {
      faults.push(`never sealed: ${show({ ...slice, toMs: sealedMs })}`);
    }
    if (slice.level === 'PROVISIONAL' && slice.toMs < plan.endMs - 2 * MINUTE_MS) {
      faults.push(`PROVISIONAL left: ${show(slice)}`);
    }
  }
  const held = new Set(commits.flatMap(({ frame }) => frame.records.map(({ eventId }) => eventId)));
  for (const row of sealedTruth(played)) {
    const { record } = parseRecord(row.record);
    if (record && !held.has(record.eventId)) {
      faults.push(`missing: ${record.eventId} of ${iso(row.startMs)}, visible ${iso(row.visibleFromMs!)}`);
    }
  }
  return faults;
};

/** Records that no one may miss: upstream showed them in a window that was sealed after all faults had ended. */
export const sealedTruth = (played: Played): TruthRow[] =>
  sealedRows(played).filter(({ malformed }) => malformed === null);

/** The same, with those that are no record. */
export const sealedRows = ({ feed, plan, state }: Played): TruthRow[] => {
  const sealAgeMs = reReadAges(plan.settings).at(-1)!;
  const toMs = plan.endMs - sealAgeMs - 20 * MINUTE_MS;
  const fromMs = plan.calmMs - sealAgeMs;
  return feed.truth({ fromMs: fromMs - 3_600_000, toMs }, plan.endMs).filter((row) => {
    const anchorMs = anchorOf(row, plan.variants);
    if (anchorMs === null || row.visibleFromMs === null) return false;
    if (anchorMs < fromMs || anchorMs >= toMs) return false;
    if (sliceAt(state.coverage, anchorMs)?.level !== 'SEALED') return false;
    return row.visibleFromMs < anchorMs + sealAgeMs;
  });
};

/** The instant whose window shows a row; null: no window does for certain. */
export const anchorOf = (row: TruthRow, variants: Played['plan']['variants']): number | null => {
  const { record } = parseRecord(row.record);
  switch (variants.windowFilter) {
    case 'start':
    case 'overlap':
      return row.startMs;
    case 'end':
      return row.closedFromMs === null ? null : (record?.endMs ?? null);
    case 'arrival':
      return row.visibleFromMs === null ? null : row.visibleFromMs - variants.delayMs;
  }
};
