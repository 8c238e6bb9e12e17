import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Aggregates,
  AggregatesBusyError,
  aggregatesOn,
  conditionSql,
  createMirrorReader,
  type DurationsRequest,
  DurationsTooLargeError,
  type MirrorReader,
  oneOf,
  packId,
  related,
  startAggregates,
} from '../../../src/mirror/index.ts';
import { agentIdOf, DAY_MS, floorRecords } from '../../fixtures/floor.ts';
import { type MirrorFile, openMirrorFile } from '../support/mirrorFile.ts';

const QUARTER_MS = 900_000;

let mirror: MirrorFile;
let reader: MirrorReader;
let thread: ReturnType<typeof startAggregates>;
let here: Aggregates;
beforeEach(async () => {
  mirror = openMirrorFile();
  await mirror.append({ records: floorRecords(5, 400) });
  reader = createMirrorReader(mirror.file);
  here = aggregatesOn(reader);
  thread = startAggregates({ file: mirror.file });
});
afterEach(async () => {
  await thread.close();
  reader.close();
  mirror.dispose();
});

const request = (parts: Partial<DurationsRequest> = {}): DurationsRequest => ({
  edgesMs: Array.from({ length: 9 }, (_, i) => DAY_MS + i * QUARTER_MS),
  groupBy: ['AGENT', 'STATE'],
  agents: null,
  where: null,
  openUntilMs: DAY_MS + 8 * QUARTER_MS,
  withSamples: false,
  maxRows: 10_000,
  ...parts,
});

test('what the thread adds up is what is added up here', async () => {
  // Packed ids cross the thread as bytes.
  const some = related(
    'agent',
    oneOf(
      'agentId',
      [1, 2, 3].map((n) => packId(agentIdOf(n))),
    ),
  );
  const requests = [
    request(),
    request({ withSamples: true, groupBy: [] }),
    request({ where: conditionSql('event', some, 'event') }),
    request({ agents: [1, 2] }),
  ];
  const answers = await Promise.all(requests.map((one) => thread.durations(one)));
  for (const [i, one] of requests.entries()) {
    expect(answers[i]!.length).toBeGreaterThan(0);
    expect(answers[i]).toEqual(await here.durations(one));
  }
});

test('it sees what was committed since', async () => {
  const total = async () =>
    (await thread.durations(request({ groupBy: [], edgesMs: [DAY_MS, DAY_MS + QUARTER_MS] })))[0]!;
  const before = await total();
  await mirror.append({ records: floorRecords(6, 200) });
  expect((await total()).ms).toBeGreaterThan(before.ms);
});

test('too much is refused as it is here, and a read that fails leaves the thread alive', async () => {
  for (const aggregates of [here, thread]) {
    await expect(aggregates.durations(request({ maxRows: 3 }))).rejects.toMatchObject({
      what: 'ROWS',
      most: 3,
    });
    await expect(aggregates.durations(request({ maxRows: 3 }))).rejects.toBeInstanceOf(
      DurationsTooLargeError,
    );
  }
  await expect(thread.durations(request({ where: { sql: 'no such thing', params: [] } }))).rejects.toThrow(
    /syntax|no such/,
  );
  expect(await thread.durations(request())).toEqual(await here.durations(request()));
});

test('so many at once are refused that the last would wait for minutes', async () => {
  const asked = Array.from({ length: 21 }, () => thread.durations(request()));
  await expect(asked.at(-1)).rejects.toBeInstanceOf(AggregatesBusyError);
  expect((await Promise.all(asked.slice(0, 20))).every((rows) => rows.length > 0)).toBe(true);
});

test('closed, it answers nobody, and whoever waits learns of it', async () => {
  const waits = thread.durations(request());
  const refused = expect(waits).rejects.toThrow('thread ended');
  await thread.close();
  await refused;
  await expect(thread.durations(request())).rejects.toThrow('closed');
});
