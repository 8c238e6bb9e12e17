import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { MOST_QUARANTINED, type QuarantineReason } from '../quarantineReasons.ts';

/** One row that counts all further ones, by its own reason and without a text. */
const NOT_STORED = 'NOT_STORED' satisfies QuarantineReason;

/** Rows that cannot be records, whole; an identical row again only counts, as does any other once so many are stored. */
export const createQuarantine = (database: Database) => {
  const seenAgain = database.prepare(
    'update quarantine set last_seen_ms = max(last_seen_ms, ?), count = count + 1 where digest = ?',
  );
  const put = database.prepare(
    'insert into quarantine (reason, raw_json, digest, first_seen_ms, last_seen_ms, count) values (?, ?, ?, ?, ?, 1)',
  );
  const countStored = database.prepare<[], number>('select count(*) from quarantine').pluck();
  /** Counted anew for each frame, as retention removes rows between frames. */
  let stored = { rows: 0, asOfMs: Number.NaN };

  const isFull = (observedMs: number): boolean => {
    if (stored.asOfMs !== observedMs) stored = { rows: countStored.get() ?? 0, asOfMs: observedMs };
    return stored.rows >= MOST_QUARANTINED;
  };
  const digestOf = (reason: QuarantineReason, rawJson: string): Buffer =>
    createHash('sha256').update(reason).update(rawJson).digest();

  const store = (reason: QuarantineReason, rawJson: string, observedMs: number) => {
    const digest = digestOf(reason, rawJson);
    if (seenAgain.run(observedMs, digest).changes > 0) return true;
    if (isFull(observedMs) && reason !== NOT_STORED) return false;
    put.run(reason, rawJson, digest, observedMs, observedMs);
    stored.rows += 1;
    return true;
  };

  return {
    add(reason: QuarantineReason, rawJson: string, observedMs: number) {
      if (!store(reason, rawJson, observedMs)) store(NOT_STORED, '', observedMs);
    },
  };
};
export type Quarantine = ReturnType<typeof createQuarantine>;
