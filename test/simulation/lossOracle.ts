import { sliceAt } from '../../src/poller/index.ts';
import { parseRecord, uuidTimeMs } from '../../src/upstream/index.ts';
import type { MirrorFile } from './mirrorFile.ts';
import { sealedRows, sealedTruth } from './oracle.ts';
import type { Played } from './simulate.ts';

const MINUTE_MS = 60_000;

/** What upstream never sent, or sent as no record, against what the gateway says of it: all of it, and nothing else. */
export const lossViolationsOf = (played: Played, mirror: MirrorFile): string[] => [
  ...inventedBreaks(played, mirror),
  ...untoldBreaks(played, mirror),
  ...quarantineFaults(played, mirror),
];

const iso = (ms: number): string => new Date(ms).toISOString();

const truthOf = ({ feed, plan }: Played) =>
  feed.truth({ fromMs: plan.beginMs - 4 * 3_600_000, toMs: plan.endMs }, plan.endMs);

/** A chain breaks only where something did happen, and never at a record that nobody could miss. */
const inventedBreaks = (played: Played, mirror: MirrorFile): string[] => {
  const { plan } = played;
  const breaks = mirror.coverage().filter(({ cause }) => cause === 'CHAIN_BREAK');
  if (breaks.length === 0) return [];
  const truth = truthOf(played);
  // One that comes days late is as missing as one that never does, and may share its millisecond with one that is there.
  const lost = truth.filter((row) => {
    const { record } = parseRecord(row.record);
    return record === null || mirror.held(record.eventId) === null;
  });
  const slackMs = 2 + plan.faults.uuidSkewMs;
  const faults: string[] = [];
  const isNear = (startMs: number, span: { fromMs: number; toMs: number }) =>
    startMs >= span.fromMs - slackMs && startMs < span.toMs + slackMs;
  for (const slice of breaks) {
    if (!truth.some(({ startMs }) => isNear(startMs, slice))) {
      faults.push(`a chain breaks at ${iso(slice.fromMs)}, where nothing happened`);
    }
  }
  for (const row of sealedTruth(played)) {
    const { record } = parseRecord(row.record);
    const atMs = record && uuidTimeMs(record.eventId);
    if (!record || atMs === null) continue;
    const broken = breaks.find((slice) => slice.fromMs <= atMs && atMs < slice.toMs);
    if (broken && !lost.some(({ startMs }) => isNear(startMs, broken))) {
      faults.push(`a chain breaks at ${iso(atMs)}, though ${record.eventId} is there`);
    }
  }
  return faults;
};

/** A dropped record that a sealed one names, and that is out of reach by now, is a chain break at its instant. */
const untoldBreaks = (played: Played, mirror: MirrorFile): string[] => {
  const { plan } = played;
  if (plan.variants.idVersion !== 1) return [];
  const told = mirror.coverage();
  const { retentionReachMs, pollIntervalMs } = plan.settings;
  const reachedMs = plan.endMs - retentionReachMs - pollIntervalMs - 4 * MINUTE_MS;
  const faults: string[] = [];
  for (const row of sealedTruth(played)) {
    const nextId = parseRecord(row.record).record?.nextEventId ?? null;
    const atMs = nextId === null ? null : uuidTimeMs(nextId);
    if (nextId === null || atMs === null || atMs >= reachedMs || mirror.held(nextId)) continue;
    if (row.closedFromMs === null || row.closedFromMs > row.startMs + 30 * MINUTE_MS) continue;
    const slice = sliceAt(told, atMs);
    if (slice?.level === 'SETTLED' || slice?.level === 'SEALED') {
      faults.push(`${nextId} of ${iso(atMs)} is missing, and its time is ${slice.level}`);
    }
  }
  return faults;
};

/** Every row that is no record is kept as it came, and no other. */
const quarantineFaults = (played: Played, mirror: MirrorFile): string[] => {
  const kept = mirror
    .rows<{ reason: string; raw: string }>('select reason, raw_json as raw from quarantine')
    .filter(({ reason }) => reason !== 'OTHER_AGENT' && reason !== 'TRANSFER_INCOMPLETE');
  const { malformed, contradictory } = played.plan.faults;
  if (malformed === 0 && contradictory === 0) {
    return kept.map(({ reason }) => `${reason} is in quarantine though every row is a record`);
  }
  const texts = new Set(kept.map(({ raw }) => raw));
  const ids = new Set<string | null>(kept.map(({ raw }) => idIn(raw)));
  ids.delete(null);
  return sealedRows(played)
    .filter((row) => row.malformed !== null && parseRecord(row.record).record === null)
    .filter(({ record }) => !texts.has(JSON.stringify(record)) && !ids.has(idIn(JSON.stringify(record))))
    .map(({ record }) => `${JSON.stringify(record).slice(0, 200)} is not in quarantine`);
};

/** What of an id a row has: it may have been kept as it was before it closed. */
const idIn = (raw: string): string | null => {
  const value: unknown = JSON.parse(raw);
  if (typeof value !== 'object' || value === null) return null;
  if ('eventId' in value && typeof value.eventId === 'string') return value.eventId;
  return 'agentId' in value && 'start' in value ? `${value.agentId} ${value.start}` : null;
};
