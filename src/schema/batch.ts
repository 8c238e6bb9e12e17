import { createStamp } from './stamp.ts';

/**
 * Rows that were read together are siblings: what one of them is asked for, all will be. A relation asked of one row
 * is read for all its siblings in one statement and remembered, so that a query of depth d costs about d statements
 * and no promise, however many rows it returns. Rows of a new read form a batch of their own.
 */
type Batch = { rows: readonly object[]; memo: Map<string, Loaded> };

/** What came of loading. That it failed is remembered too: siblings would each repeat a read that is too long. */
type Loaded = { value: unknown } | { thrown: unknown };

const outcomeOf = (load: () => unknown): Loaded => {
  try {
    return { value: load() };
  } catch (thrown) {
    return { thrown };
  }
};

const batches = createStamp<Batch>();

/** Makes rows siblings. A row belongs to the batch it was last put into. */
export const siblings = <Row extends object>(rows: readonly Row[]): readonly Row[] => {
  const batch: Batch = { rows, memo: new Map() };
  for (const row of rows) batches.set(row, batch);
  return rows;
};

/** A row that was read alone. */
export const only = <Row extends object>(row: Row): Row => {
  siblings([row]);
  return row;
};

/**
 * What `load` makes of all siblings of `row`, once for each `key` (the field and its arguments). Whoever calls with
 * the same key must load the same thing.
 */
export const batched = <Row extends object, Value>(
  row: Row,
  key: string,
  load: (rows: readonly Row[]) => Value,
): Value => {
  let batch = batches.get(row);
  if (!batch) {
    batch = { rows: [row], memo: new Map() };
    batches.set(row, batch);
  }
  let loaded = batch.memo.get(key);
  if (!loaded) {
    const { rows } = batch;
    // Siblings are rows of one read, so of one type.
    loaded = outcomeOf(() => load(rows as readonly Row[]));
    batch.memo.set(key, loaded);
  }
  if ('thrown' in loaded) throw loaded.thrown;
  // A key is only ever used with one loader.
  return loaded.value as Value;
};
