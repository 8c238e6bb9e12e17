import type { MirrorReader } from './reader.ts';

/**
 * When records began that the chain proves and the mirror lacks: by agent (agent.id), ascending, milliseconds UTC. The
 * lack is of one agent alone, that of the record that names the missing one. Given up or still looked for: until it
 * comes, whatever stands in its place is not to be trusted.
 */
export type MissingRecords = ReadonlyMap<number, readonly number[]>;

export const readMissing = (reader: MirrorReader): MissingRecords => {
  // An id that holds no time says nothing of when: the record began where the one that names it ended.
  const rows = reader.all<{ agent: number; fromMs: number }>(
    `select event.agent, max(coalesce(audit.expected_ms, event.end_ms, 0), event.start_ms + 1) as fromMs
     from audit join event on event.event_id = audit.named_by`,
  );
  const byAgent = Map.groupBy(rows, ({ agent }) => agent);
  return new Map(
    [...byAgent].map(([agent, those]) => [agent, those.map(({ fromMs }) => fromMs).sort((a, b) => a - b)]),
  );
};
