import { expect, test } from 'vitest';
import { batched, only, siblings } from '../../src/schema/batch.ts';

type Row = { id: number };
const rowsOf = (...ids: number[]): readonly Row[] => siblings(ids.map((id) => ({ id })));

/** A loader that counts how often it is asked, and of whom. */
const counting = (load: (rows: readonly Row[]) => unknown) => {
  const asked: number[][] = [];
  return {
    asked,
    of: (row: Row, key = 'relation') =>
      batched(row, key, (rows: readonly Row[]) => {
        asked.push(rows.map(({ id }) => id));
        return load(rows);
      }),
  };
};

test('a relation is loaded for all siblings at once, and remembered', () => {
  const rows = rowsOf(1, 2, 3);
  const { asked, of } = counting(([first]) => first?.id);
  expect(rows.map((row) => of(row))).toEqual([1, 1, 1]);
  expect(asked).toEqual([[1, 2, 3]]);
});

test('each key, and each batch, is loaded for itself', () => {
  const [one] = rowsOf(1, 2);
  const alone = only({ id: 9 });
  const { asked, of } = counting(() => null);
  of(one!);
  of(one!, 'other');
  of(alone);
  of({ id: 7 });
  expect(asked).toEqual([[1, 2], [1, 2], [9], [7]]);
});

test('a load that fails fails for every sibling, and is not tried again', () => {
  const rows = rowsOf(1, 2, 3);
  const { asked, of } = counting(() => {
    throw new Error('too much');
  });
  for (const row of rows) expect(() => of(row)).toThrow('too much');
  expect(asked).toHaveLength(1);
});
