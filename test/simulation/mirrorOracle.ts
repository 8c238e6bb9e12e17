import { isDeepStrictEqual } from 'node:util';
import { reReadAges } from '../../src/poller/index.ts';
import { parseRecord } from '../../src/upstream/index.ts';
import type { HeldEvent, MirrorFile } from './mirrorFile.ts';
import { anchorOf, sealedEarlyMs, sealedTruth } from './oracle.ts';
import type { Played } from './simulate.ts';

/** A record's content may change once more, this long after it closed. */
const CHANGED_AFTER_MS = 60_000;

/**
 * What the mirror holds against what truly happened, field by field: every record that upstream showed in its final form
 * when its time was sealed must be held in that form, whatever was seen of it before.
 */
export const mirrorViolationsOf = (played: Played, mirror: MirrorFile): string[] => {
  const { plan } = played;
  const sealAgeMs = reReadAges(plan.settings).at(-1)! - sealedEarlyMs(plan);
  const faults: string[] = [];
  const skipped = mirror.changeLogFaults();
  if (skipped !== 0) faults.push(`the change log skips ${skipped} positions`);
  for (const row of sealedTruth(played)) {
    const { record } = parseRecord(row.record);
    const anchorMs = anchorOf(row, plan.variants);
    if (!record || anchorMs === null) continue;
    const held = mirror.held(record.eventId);
    if (!held) {
      faults.push(`the mirror lacks ${record.eventId}`);
      continue;
    }
    // A record that took its final form only after its time was sealed was rightly held in an earlier one.
    const finalMs = row.closedFromMs === null ? 0 : row.closedFromMs + CHANGED_AFTER_MS;
    if (finalMs > anchorMs + sealAgeMs) continue;
    for (const field of FIELDS) {
      if (!isDeepStrictEqual(held[field], record[field])) {
        faults.push(
          `${record.eventId} ${field}: held ${JSON.stringify(held[field])}, true ${JSON.stringify(record[field])}`,
        );
      }
    }
  }
  return faults;
};

/** The session's own login is united over its records, so a record that lacks it does not blank it. */
const FIELDS = [
  'agentId',
  'sessionId',
  'startMs',
  'startSource',
  'endMs',
  'reportedDurationMs',
  'nextEventId',
  'eventType',
  'presence',
  'state',
  'allocation',
  'direction',
  'agentName',
  'reasonId',
  'reasonName',
  'reasonListId',
  'reasonListName',
  'capacity',
  'extra',
] as const satisfies readonly (keyof HeldEvent)[];
