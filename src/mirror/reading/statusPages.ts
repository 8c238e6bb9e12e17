import { type Condition, conditionSql } from './condition/index.ts';
import type { RowKey } from './lists/index.ts';
import type { MirrorReader, SqlValue } from './reader.ts';
import { currentColumns, type KnownStatus } from './statuses.ts';

/** A status now, with what pages in the order of names are cut by. */
export type CurrentStatus = KnownStatus & { nameKey: string };

export type StatusOrder = { by: 'SINCE' | 'NAME'; descending: boolean };

/** Part of the floor now: the rows after one key and before another, taken from one end. */
export type StatusWindow = {
  after: RowKey | null;
  before: RowKey | null;
  /** Whether the row that stands at `after` or `before` belongs to it. */
  inclusive: boolean;
  limit: number;
  /** Take the last rows instead of the first ones; they come in the order all the same. */
  fromEnd: boolean;
};

/** Each order walks an index; with a bound on every walk, a plan that scans is always a mistake. */
const orders = {
  SINCE: { column: 'since_ms', index: 'agent_status_by_since', all: 'since_ms > -9000000000000000' },
  NAME: { column: 'name_key', index: 'agent_status_by_name', all: "name_key >= ''" },
} as const;

export const statusKeyOf = (
  row: Pick<CurrentStatus, 'agent' | 'sinceMs' | 'nameKey'>,
  { by }: StatusOrder,
): RowKey => [by === 'SINCE' ? row.sinceMs : row.nameKey, row.agent];

/** A window of the statuses now that satisfy the condition, in order. One statement. */
export const readStatusPage = (
  reader: MirrorReader,
  condition: Condition,
  { by, descending }: StatusOrder,
  { after, before, inclusive, limit, fromEnd }: StatusWindow,
): CurrentStatus[] => {
  const { column, index, all } = orders[by];
  const { sql, params } = conditionSql('status', condition, 'agent_status');
  const bound: SqlValue[] = [];
  const edge = (key: RowKey | null, forward: boolean): string => {
    if (!key) return '';
    bound.push(...key);
    return ` and (${column}, agent) ${forward === descending ? '<' : '>'}${inclusive ? '=' : ''} (?, ?)`;
  };
  const edges = edge(after, true) + edge(before, false);
  const backwards = descending !== fromEnd;
  const direction = backwards ? 'desc' : 'asc';
  const rows = reader.all<CurrentStatus>(
    `select ${currentColumns}, agent_status.name_key as nameKey from agent_status indexed by ${index}
     where ${all}${edges} and ${sql} order by ${column} ${direction}, agent ${direction} limit ?`,
    ...[...bound, ...params, limit],
  );
  return fromEnd ? rows.reverse() : rows;
};

export const countCurrentStatuses = (reader: MirrorReader, condition: Condition): number => {
  const { sql, params } = conditionSql('status', condition, 'agent_status');
  return reader.get<{ rows: number }>(`select count(*) as rows from agent_status where ${sql}`, ...params)!
    .rows;
};

/** What the names of all agents with events sort as, by agent (agent.id). */
export const readNameKeys = (reader: MirrorReader): Map<number, string> =>
  new Map(
    reader
      .all<{ agent: number; nameKey: string }>(
        "select agent, name_key as nameKey from agent_status indexed by agent_status_by_name where name_key >= ''",
      )
      .map(({ agent, nameKey }) => [agent, nameKey]),
  );
