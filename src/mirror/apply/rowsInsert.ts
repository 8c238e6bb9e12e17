import type { Database } from 'better-sqlite3';

/** Half of the gain is there with 8; past this there is hardly more. */
const AT_ONCE = 32;

/**
 * Inserts rows many at a time. Into a table of few columns and indexes a row costs less than the statement around it:
 * its begin and end, its answer, the counter of an AUTOINCREMENT. Measured: 0.6 of the time. (Not so for `event`, whose
 * nine indexes are the cost.) Nothing is in the table for certain before `flush`.
 *
 * `into`: `table (columns)`; `then`: what follows the values, as `on conflict …`.
 */
export const createRowsInsert = <Row extends readonly (number | string | null)[]>(
  database: Database,
  into: string,
  columns: Row['length'],
  then = '',
) => {
  const prepare = (rows: number) => {
    const row = `(${Array(columns).fill('?').join()})`;
    return database.prepare(`insert into ${into} values ${Array(rows).fill(row).join()} ${then}`);
  };
  const many = prepare(AT_ONCE);
  const one = prepare(1);
  let waiting: (number | string | null)[] = [];

  return {
    add(...row: Row) {
      waiting.push(...row);
      if (waiting.length < AT_ONCE * columns) return;
      many.run(waiting);
      waiting = [];
    },
    flush() {
      for (let at = 0; at < waiting.length; at += columns) one.run(waiting.slice(at, at + columns));
      waiting = [];
    },
    forget() {
      waiting = [];
    },
  };
};
