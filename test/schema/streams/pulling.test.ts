import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChangeRow } from '../../../src/mirror/index.ts';
import { pullChanges } from '../../../src/schema/streams/source.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { busyFloor } from './busyFloor.ts';

let gateway: Gateway;
beforeEach(async () => {
  gateway = openGateway();
  for (const frame of busyFloor(3, 120)) await gateway.mirror.append(frame);
});
afterEach(() => gateway.dispose());

/** Everything from the beginning, `limit` at a time, and how many rows were looked at for it. */
const catchUp = (limit: number, matches: (row: ChangeRow) => boolean) => {
  let lookedAt = 0;
  const parts = {
    mirror: gateway.reader,
    topic: 'EVENT' as const,
    translate: (_reader: unknown, rows: readonly ChangeRow[]) => {
      lookedAt += rows.length;
      return rows.map((row) => (matches(row) ? row.seq : null));
    },
  };
  const seqs: number[] = [];
  for (let afterSeq = 0; ; ) {
    const { changes, seq, more } = pullChanges(parts, afterSeq, limit);
    expect(changes.length).toBeLessThanOrEqual(limit);
    seqs.push(...changes);
    afterSeq = seq;
    if (!more) {
      expect(seq).toBe(gateway.reader.headSeq());
      return { seqs, lookedAt };
    }
  }
};

test.each([1, 2, 7, 100, 1_000])('in batches of %i every change that matches comes once', (limit) => {
  for (const nth of [1, 3, 50, 10_000]) {
    const all = catchUp(1_000, () => true).seqs.filter((seq) => seq % nth === 0);
    expect(catchUp(limit, ({ seq }) => seq % nth === 0).seqs).toEqual(all);
  }
});

test.each([1, 2, 7, 100])(
  'catching up in batches of %i looks at each change a few times at most',
  (limit) => {
    const rows = catchUp(1_000, () => true).seqs.length;
    expect(rows).toBeGreaterThan(300);
    for (const nth of [1, 3, 50]) {
      expect(catchUp(limit, ({ seq }) => seq % nth === 0).lookedAt).toBeLessThanOrEqual(4 * rows);
    }
  },
);
