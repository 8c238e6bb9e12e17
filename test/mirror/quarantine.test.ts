import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MirrorFile, openMirrorFile } from './support/mirrorFile.ts';

let mirror: MirrorFile;
beforeEach(() => {
  mirror = openMirrorFile();
});
afterEach(() => mirror.dispose());

test('a feed that cannot be read fills the quarantine up to its limit; what is not stored is counted', async () => {
  const bad = (n: number) => ({ reason: 'NO_START' as const, rawJson: `{"eventId":"${n}"}` });
  const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => bad(from + i));
  await mirror.append({ quarantined: many(0, 9_000) });
  await mirror.append({ quarantined: many(9_000, 3_000) });
  await mirror.append({ quarantined: [...many(20_000, 500), bad(0)] });
  const counts = () =>
    mirror.rows<{ reason: string; distinct: number; count: number }>(
      'select reason, count(*) as "distinct", sum(count) as count from quarantine group by reason order by reason',
    );
  expect(counts()).toEqual([
    { reason: 'NOT_STORED', distinct: 1, count: 2_500 },
    { reason: 'NO_START', distinct: 10_000, count: 10_001 },
  ]);
  mirror.reopen();
  await mirror.append({ quarantined: [bad(30_000), bad(1)] });
  expect(counts()).toMatchObject([{ count: 2_501 }, { distinct: 10_000, count: 10_002 }]);
});
