import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** Rows that cannot be records, whole; an identical row again only counts. */
export const createQuarantine = (database: Database) => {
  const put = database.prepare(
    `insert into quarantine (reason, raw_json, digest, first_seen_ms, last_seen_ms, count) values (?, ?, ?, ?, ?, 1)
     on conflict (digest) do update set last_seen_ms = max(last_seen_ms, excluded.last_seen_ms), count = count + 1`,
  );
  return {
    add(reason: string, rawJson: string, observedMs: number) {
      put.run(
        reason,
        rawJson,
        createHash('sha256').update(reason).update(rawJson).digest(),
        observedMs,
        observedMs,
      );
    },
  };
};
export type Quarantine = ReturnType<typeof createQuarantine>;
