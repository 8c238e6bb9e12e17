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
const HOUR_MS = 60 * MINUTE_MS;
const MOST_A_MINUTE = 100;
const MOST_TRIES_AN_HOUR = 100;
/** What a process that has just begun knows the server's clock by, from its first answer on. */
const FIRST_INTERVAL_MS = 3_000;
/** From the request of an answer to the commit of what it said. */
const LONGEST_READ_MS = 25_000;
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
      ({ ask, answeredMs, aware }) =>
        ask.toMs - ask.fromMs > plan.settings.maxWindowMs ||
        (aware && (ask.toMs > answeredMs || ask.fromMs < answeredMs - plan.settings.retentionReachMs)),
    )
    .map(({ ask, answeredMs }) => `illegal request ${show(ask)} at ${iso(answeredMs)}`);

/** Neither a window that upstream chokes on nor anything else makes the gateway hammer. */
const hammering = ({ reads, plan }: Played): string[] => {
  const faults: string[] = [];
  const perMinute = new Map<string, number>();
  for (const { answeredMonotonicMs, life } of reads) {
    const minute = `minute ${Math.floor(answeredMonotonicMs / MINUTE_MS)} of life ${life}`;
    perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
  }
  // An empty mirror may be filled as fast as upstream answers, once.
  const mostAMinute = MOST_A_MINUTE + plan.settings.retentionReachMs / plan.settings.maxWindowMs;
  for (const [minute, count] of perMinute) {
    if (count > mostAMinute) faults.push(`${count} requests in ${minute}`);
  }
  const mostTries = (MOST_TRIES_AN_HOUR * (plan.endMs - plan.beginMs)) / HOUR_MS;
  for (const atMs of plan.chokesAtMs) {
    const tries = reads.filter(
      ({ ask, failure }) => failure !== null && ask.fromMs <= atMs && atMs < ask.toMs,
    );
    if (tries.length > mostTries) faults.push(`asked ${tries.length} times for what upstream chokes on`);
  }
  return faults;
};

const earlyRequests = ({ reads }: Played): string[] => {
  const early: string[] = [];
  for (const [i, read] of reads.entries()) {
    const next = reads[i + 1];
    const untilMs = read.quietUntilMonotonicMs;
    if (untilMs !== null && next?.life === read.life && next.answeredMonotonicMs < untilMs) {
      const earlyMs = untilMs - next.answeredMonotonicMs;
      early.push(`asked at ${iso(next.answeredMs)}, ${earlyMs} ms before it was told to`);
    }
  }
  return early;
};

/**
 * What a read can vouch for at an age of `ageMs` or more, by the server's clock as it was; not for time that came again
 * when the clock was set since.
 */
const vouchedFor = (
  { ask, answeredMs }: TrueRead,
  ageMs: number,
  clockSetSince: readonly number[],
): Span => ({
  fromMs: ask.fromMs + GUARD_MS,
  toMs: Math.min(ask.toMs - GUARD_MS, answeredMs - ageMs, ...clockSetSince),
});

/**
 * At every commit: nothing is claimed that no committed read can vouch for, and nothing given up that one can. Where the
 * server's clock was set and no answer has told of it, claims may be wrong; all are looked at as soon as one has. What a
 * process left behind that died before it was told, the next cannot tell from the truth, but for time to come; nor can one
 * that had no Date yet when the clock was set.
 */
const unjustifiedCoverage = ({ commits, plan, births, clockSettings }: Played): string[] => {
  const { settings } = plan;
  let coverage: CoverageSlice[] = [];
  let stepsSeen = births[0] ?? 0;
  /** As of the commit before. */
  let was = { life: 1, aware: true, measured: false };
  let toldSteps = stepsSeen;
  const claims = [
    { levels: ['PROVISIONAL', 'SETTLED', 'SEALED'], ageMs: 0 },
    { levels: ['SETTLED', 'SEALED'], ageMs: settings.settleMs },
    { levels: ['SEALED'], ageMs: reReadAges(settings).at(-1)! - sealedEarlyMs(plan) },
    { levels: [], ageMs: settings.settleMs + CLOCK_DOUBT_MS },
  ].map((claim) => ({ ...claim, vouched: [] as Span[] }));
  const faults: string[] = [];
  const young = claims[0]!;
  for (const { frame, read, serverNowMs, aware, measured, life, steps } of commits) {
    const isNew = life !== was.life;
    const isUntold = steps > stepsSeen && (isNew || !was.measured);
    for (const setToMs of clockSettings.slice(stepsSeen, steps)) {
      for (const claim of claims) {
        // PROVISIONAL is all that may be said of time that came once and will come again.
        if (claim === young) continue;
        claim.vouched = subtractSpans(claim.vouched, [{ fromMs: setToMs, toMs: Number.MAX_SAFE_INTEGER }]);
      }
    }
    stepsSeen = steps;
    // Of two steps in a row the first may never have been told of.
    const isHalfTold = aware && steps > toldSteps + 1;
    if (isUntold || isHalfTold || (isNew && !was.aware)) {
      for (const claim of claims) {
        const inherited = coverage.filter(({ level }) => claim.levels.includes(level));
        claim.vouched = unionSpans([...claim.vouched, ...inherited]);
      }
    }
    coverage = applyCoverage(coverage, frame.coverage);
    const looked = was.aware ? frame.coverage : coverage;
    for (const claim of claims) {
      if (read) {
        const clockSetSince = clockSettings.slice(read.steps, steps);
        claim.vouched = unionSpans([...claim.vouched, vouchedFor(read, claim.ageMs, clockSetSince)]);
      }
      if (!aware && claim === young) claim.vouched = unionSpans([...claim.vouched, ...frame.coverage]);
      if (!aware) continue;
      const claimed = looked.filter(({ level }) => claim.levels.includes(level));
      for (const span of subtractSpans(claimed, claim.vouched)) {
        faults.push(`at ${iso(serverNowMs)} ${claim.levels.join('/')} without a read for ${show(span)}`);
      }
    }
    was = { life, aware, measured };
    if (aware) toldSteps = steps;
    // An empty answer that nobody believed vouches for nothing, nor one that came when a clock had perhaps been set.
    if (plan.faults.empty > 0 || steps > 0) continue;
    const lost = frame.coverage.filter(({ cause }) => cause === 'EXPIRED');
    const unread = subtractSpans(lost, claims[3]!.vouched);
    if (totalMs(unread) < totalMs(lost)) {
      faults.push(`at ${iso(serverNowMs)} given up though read: ${lost.map(show).join(' ')}`);
    }
  }
  return faults;
};

/** Nothing is fresh that is to come, and what is complete stays so, but where the server's clock took it back. */
const watermarkFaults = ({ commits, plan }: Played): string[] => {
  const { settleMs } = plan.settings;
  const faults: string[] = [];
  let known = { steps: 0, monotonicMs: 0 };
  let beforeMs = Number.NEGATIVE_INFINITY;
  let coverage: CoverageSlice[] = [];
  for (const { frame, read, serverNowMs, monotonicMs, steps, aware } of commits) {
    coverage = applyCoverage(coverage, frame.coverage);
    if (!aware) continue;
    const freshThroughMs = freshThrough(coverage);
    const completeThroughMs = completeThrough(coverage);
    const slackMs = steps === 0 ? 0 : FIRST_INTERVAL_MS;
    if ((freshThroughMs ?? 0) > serverNowMs - settleMs + slackMs) {
      faults.push(`freshThrough ${iso(freshThroughMs!)} at ${iso(serverNowMs)}`);
    }
    if (steps > known.steps) {
      // By the new clock, what was read before an answer last agreed with the old one is still true.
      const knownAtMs = serverNowMs - (monotonicMs - known.monotonicMs);
      const isOftenUndated = plan.faults.noDate > 0 || plan.faults.cachedDate > 0;
      beforeMs = isOftenUndated ? 0 : Math.min(beforeMs, knownAtMs - settleMs - LONGEST_READ_MS);
    }
    known = { steps, monotonicMs: read ? monotonicMs : known.monotonicMs };
    if (completeThroughMs === null) continue;
    if (completeThroughMs < beforeMs - slackMs) {
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
  const presentMs = plan.endMs - Math.max(2 * MINUTE_MS, plan.settings.pollIntervalMs + MINUTE_MS);
  if (!last || last.toMs < presentMs) faults.push('the present is not read');
  for (const [i, slice] of state.coverage.entries()) {
    const before = state.coverage[i - 1];
    if (before && before.toMs !== slice.fromMs) faults.push(`a hole before ${iso(slice.fromMs)}`);
    const final = slice.cause === 'EXPIRED' || slice.cause === 'CHAIN_BREAK';
    if (slice.level === 'GAP' && !final && slice.toMs < presentMs)
      faults.push(`${slice.cause} left: ${show(slice)}`);
    const sealedMs = Math.min(slice.toMs, plan.endMs - reReadAges(plan.settings).at(-1)! - 20 * MINUTE_MS);
    if (slice.level === 'SETTLED' && sealedMs > Math.max(slice.fromMs, plan.calmMs)) {
      faults.push(`never sealed: ${show({ ...slice, toMs: sealedMs })}`);
    }
    if (slice.level === 'PROVISIONAL' && slice.toMs < presentMs) {
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

/** What a window that was sealed by a clock that had been set back unbeknown was sealed too early, at most. */
export const sealedEarlyMs = ({ clockSteps }: Played['plan']): number =>
  clockSteps.reduce((sum, { byMs }) => sum + Math.max(0, -byMs), 0);

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
    return row.visibleFromMs < anchorMs + sealAgeMs - sealedEarlyMs(plan);
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
