import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** SHA-256, hex. Two mirrors that applied the same frames, and pruned alike, have equal digests. */
export type Digest = { facts: string; coverage: string; changes: string };

const FACTS = [
  ['agent', 'id'],
  ['agent_name', 'agent, name'],
  ['session', 'id'],
  ['reason', 'id'],
  ['name_text', 'id'],
  ['capacity_text', 'id'],
  ['unknown_value', 'id'],
  ['event', 'id'],
  ['event_revision', 'event, revision'],
  ['transfer', 'id'],
  ['event_transfer', 'event, transfer'],
  ['agent_status', 'agent'],
  ['quarantine', 'id'],
  ['state_combination', 'id'],
  ['state_quarter', 'quarter, agent, combination'],
  ['audit', 'event_id'],
] as const;

/** Of everything that applying frames writes; not of lineage and keys, which differ from file to file. */
export const digestMirror = (database: Database): Digest => ({
  facts: digestTables(database, FACTS),
  coverage: digestTables(database, [['coverage', 'from_ms']]),
  changes: digestTables(database, [['change_log', 'seq']]),
});

const digestTables = (database: Database, tables: readonly (readonly [string, string])[]): string => {
  const hash = createHash('sha256');
  for (const [table, order] of tables) {
    hash.update(`${table}\n`);
    const rows = database.prepare(`select * from ${table} order by ${order}`).raw().iterate();
    for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  }
  return hash.digest('hex');
};
