import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Digest } from '../../src/mirror/index.ts';
import type { Frame } from '../../src/poller/index.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';
import { changesAfter, eventFacts, sessionFacts, statusOf, statusSteps } from './support/facts.ts';
import { type MemoryMirror, openMemoryMirror } from './support/memoryMirror.ts';
import { consult } from './support/oracle.ts';
import { ANN, BOB, DAY_MS, randomUuid, record, settled, uuidAt } from './support/records.ts';

const AGENTS = [ANN, BOB];

const runs = (usual: number): number => Number(process.env['RTA_PROPERTY_RUNS'] ?? usual);

/** A day small enough that everything happens at once: ties, overlaps and sessions within sessions. */
const instants = fc.nat(30).map((n) => n * 10_000);

/** A reason, the same by another name, and one without an id. */
const REASONS = [
  {},
  { reasonId: uuidAt(1, 7), reasonName: 'Lunch' },
  { reasonId: uuidAt(1, 7), reasonName: 'Dinner' },
  { reasonName: 'Lunch' },
] as const;

/** One event as its versions, each more complete than the one before, but for the corrections, as complete as the last. */
const truth = fc.record({
  agent: fc.nat(1),
  /** null, two sessions with a time inside their id, one without. */
  session: fc.nat(3),
  start: instants,
  length: fc.option(fc.integer({ min: -1, max: 12 }).map((n) => n * 10_000)),
  next: fc.option(instants),
  login: fc.boolean(),
  versionOneId: fc.boolean(),
  states: fc.array(fc.constantFrom('idle', 'busy', 'offline'), { minLength: 3, maxLength: 3 }),
  reason: fc.constantFrom(...REASONS),
  corrections: fc.array(fc.record({ state: fc.constantFrom('busy', 'away'), longer: fc.boolean() }), {
    maxLength: 2,
  }),
  stale: fc.boolean(),
});

type Truth = { eventId: string; versions: AgentStateRecord[] };

const toTruth = (drawn: typeof truth extends fc.Arbitrary<infer T> ? T : never, index: number): Truth => {
  const { agent, session, start, length, next, login, versionOneId, states, stale, reason } = drawn;
  const sessionId = [
    null,
    uuidAt(50_000, 0x10 + agent),
    uuidAt(120_000, 0x20 + agent),
    randomUuid(0x30 + agent),
  ][session]!;
  const eventId = versionOneId ? uuidAt(start, index) : randomUuid(0x1000 + index);
  const bare = record({
    eventId,
    start,
    sessionId,
    agentId: AGENTS[agent]!,
    agentName: `Agent ${agent}`,
    ...(login && session === 1 ? { login: 45_000 } : {}),
    state: states[0]!,
    ...reason,
  });
  const versions = [bare];
  if (next !== null) versions.push({ ...bare, state: states[1]!, nextEventId: uuidAt(next, 0x99) });
  if (length !== null) {
    versions.push({ ...versions.at(-1)!, state: states[2]!, endMs: DAY_MS + start + length });
  }
  const last = versions.at(-1)!;
  const corrections = drawn.corrections.map(({ state, longer }) => ({
    ...last,
    state,
    reasonId: null,
    endMs: last.endMs === null ? null : last.endMs + (longer ? 10_000 : 0),
  }));
  return { eventId, versions: [...(stale ? versions : versions.slice(-1)), ...corrections] };
};

const floors = fc
  .array(truth, { minLength: 1, maxLength: 14 })
  .map((drawn) => drawn.map(toTruth))
  .chain((truths) => {
    const versions = truths.flatMap((one) => one.versions);
    return fc.record({
      truths: fc.constant(truths),
      versions: fc.shuffledSubarray(versions, { minLength: versions.length }),
      /** Some are read again, in whatever order. */
      again: fc.shuffledSubarray(versions),
      cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 40 }),
      /** Stretches of the day that settle, each with one of the frames; the rest stays unread. */
      settles: fc.array(
        fc.record({
          at: fc.nat(20),
          from: fc.nat(40).map((n) => n * 10_000),
          length: fc.integer({ min: 1, max: 40 }).map((n) => n * 10_000),
        }),
        { maxLength: 4 },
      ),
      /** Whether the writer dies after every frame, and what it held in memory with it. */
      dies: fc.boolean(),
    });
  });

type Floor = typeof floors extends fc.Arbitrary<infer T> ? T : never;

const arrivingOf = ({ versions, again }: Floor): AgentStateRecord[] => [...versions, ...again];

const partsOf = (floor: Floor): Partial<Frame>[] => {
  const { cuts, settles } = floor;
  const arriving = arrivingOf(floor);
  const parts: Partial<Frame>[] = [];
  for (let at = 0, i = 0; at < arriving.length; i++) {
    const size = cuts[i % cuts.length]!;
    parts.push({ records: arriving.slice(at, at + size) });
    at += size;
  }
  for (const { at, from, length } of settles) {
    parts.splice(at % (parts.length + 1), 0, { coverage: [settled(from, from + length)] });
  }
  return parts;
};

const withMirror = async (check: (mirror: MemoryMirror) => Promise<void>) => {
  const mirror = openMemoryMirror();
  try {
    await check(mirror);
  } finally {
    mirror.dispose();
  }
};

const applyAll = async (mirror: MemoryMirror, floor: Floor) => {
  for (const part of partsOf(floor)) {
    await mirror.append(part);
    if (floor.dies) mirror.restart();
  }
};

/** Every stretch begins and ends at a full ten seconds, as every event does. */
const isSettled =
  ({ settles }: Floor) =>
  (fromMs: number, toMs: number): boolean => {
    for (let ms = fromMs - DAY_MS; ms < toMs - DAY_MS; ms += 10_000) {
      if (!settles.some(({ from, length }) => from <= ms && ms < from + length)) return false;
    }
    return true;
  };

const rank = ({ endMs, nextEventId }: AgentStateRecord): number =>
  (endMs === null ? 0 : 2) + (nextEventId === null ? 0 : 1);

/** Of each event the most complete version; of several as complete the one that came last. */
const best = (floor: Floor): AgentStateRecord[] =>
  floor.truths.map(({ eventId }) => {
    const own = arrivingOf(floor).filter((version) => version.eventId === eventId);
    const highest = Math.max(...own.map(rank));
    return own.findLast((version) => rank(version) === highest)!;
  });

test('ends, sessions and statuses are those of the oracle, in whatever order the records arrive', async () => {
  await fc.assert(
    fc.asyncProperty(floors, (floor) =>
      withMirror(async (mirror) => {
        await applyAll(mirror, floor);
        const oracle = consult(best(floor), isSettled(floor));
        expect(eventFacts(mirror).map(({ revision: _, ...fact }) => fact)).toEqual(oracle.events);
        expect(sessionFacts(mirror)).toEqual(oracle.sessions);
        for (const agentId of AGENTS) expect(statusOf(mirror, agentId)).toEqual(oracle.status(agentId));
      }),
    ),
    { numRuns: runs(250) },
  );
});

test('the change log tells the whole story: no number missing, every revision once, statuses step by step', async () => {
  await fc.assert(
    fc.asyncProperty(floors, (floor) =>
      withMirror(async (mirror) => {
        await applyAll(mirror, floor);
        const changes = changesAfter(mirror, 0);
        expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_, i) => i + 1));
        for (const { id, revision } of mirror.rows<{ id: number; revision: number }>(
          'select id, revision from event',
        )) {
          const own = changes.filter((change) => change.kind.startsWith('EVENT') && change.subject === id);
          const numbers = Array.from({ length: revision }, (_, i) => i + 1);
          expect(own.map((change) => change.revision)).toEqual(numbers);
          expect(own.map(({ kind }) => kind === 'EVENT_NEW')).toEqual(numbers.map((n) => n === 1));
          expect(
            mirror.rows('select revision from event_revision where event = ? and revision > 0', id),
          ).toEqual(numbers.slice(0, -1).map((n) => ({ revision: n })));
        }
        for (const agentId of AGENTS)
          expect(statusSteps(mirror, agentId).at(-1) ?? null).toEqual(statusOf(mirror, agentId));
      }),
    ),
    { numRuns: runs(150) },
  );
});

test('reading everything again changes nothing at all', async () => {
  await fc.assert(
    fc.asyncProperty(floors, (floor) =>
      withMirror(async (mirror) => {
        await applyAll(mirror, floor);
        const digest = mirror.writer.digest();
        const last = new Map(best(floor).map((version) => [version.eventId, version]));
        // Of versions as complete as the last one only itself says nothing new.
        const old = (version: AgentStateRecord) => {
          const standing = last.get(version.eventId)!;
          return version === standing || rank(version) < rank(standing);
        };
        for (const { records = [] } of partsOf(floor)) await mirror.append({ records: records.filter(old) });
        expect(mirror.writer.digest()).toEqual(digest);
      }),
    ),
    { numRuns: runs(100) },
  );
});

test('the rollup is the sum of the ended events', async () => {
  await fc.assert(
    fc.asyncProperty(floors, (floor) =>
      withMirror(async (mirror) => {
        await applyAll(mirror, floor);
        const sums = 'sum(ms) as ms, sum(began) as began from state_quarter';
        const [rollup] = mirror.rows(`select ${sums}`);
        const [events] = mirror.rows(
          `select sum(end_ms - start_ms) as ms, count(*) as began from event where end_ms is not null`,
        );
        const none = (events as { began: number }).began === 0;
        expect(rollup).toEqual(none ? { ms: null, began: null } : events);
        expect(
          mirror.rows('select 1 from state_quarter where ms < 0 or began < 0 or (ms = 0 and began = 0)'),
        ).toEqual([]);
      }),
    ),
    { numRuns: runs(100) },
  );
});

test('the same frames give the same facts, ids and change log, however often the writer dies in between', async () => {
  await fc.assert(
    fc.asyncProperty(floors, async (floor) => {
      const digests: Digest[] = [];
      for (let round = 0; round < 2; round++) {
        await withMirror(async (mirror) => {
          for (const part of partsOf(floor)) {
            await mirror.append(part);
            if (round === 1) mirror.restart();
          }
          digests.push(mirror.writer.digest());
        });
      }
      expect(digests[0]).toEqual(digests[1]);
    }),
    { numRuns: runs(100) },
  );
});
