import type { EventFacts, StatusFacts, TransferFacts } from './facts.ts';

/** A filter as it is sent, and the same said here a second time, so that the server's own word for it is not believed. */
export type Filter<Facts> = { input: Record<string, unknown> | null; holds(facts: Facts): boolean };

type Random = () => number;
export const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  // Within bounds, as random is below 1.
  values[Math.floor(random() * values.length)]!;

const everything: Filter<unknown> = { input: null, holds: () => true };

const oneField = <Facts, Key extends keyof Facts & string>(
  random: Random,
  key: Key,
  values: readonly (Facts[Key] & string)[],
): Filter<Facts> => {
  const some = values.filter(() => random() < 0.5);
  const one = pick(random, values);
  return pick<Filter<Facts>>(random, [
    { input: { [key]: { eq: one } }, holds: (facts) => facts[key] === one },
    { input: { [key]: { ne: one } }, holds: (facts) => facts[key] !== one },
    { input: { [key]: { in: some } }, holds: (facts) => some.some((value) => facts[key] === value) },
    { input: { [key]: { notIn: some } }, holds: (facts) => !some.some((value) => facts[key] === value) },
    { input: { [key]: { isNull: true } }, holds: (facts) => facts[key] === null },
  ]);
};

/** Leaves joined by and, or and not, two levels at most. */
const tree = <Facts>(random: Random, leaf: () => Filter<Facts>, depth = 2): Filter<Facts> => {
  const dice = random();
  if (depth === 0 || dice < 0.5) return leaf();
  const parts = [tree(random, leaf, depth - 1), tree(random, leaf, depth - 1)];
  const inputs = parts.map(({ input }) => input);
  if (dice < 0.65)
    return { input: { and: inputs }, holds: (facts) => parts.every((one) => one.holds(facts)) };
  if (dice < 0.85) return { input: { or: inputs }, holds: (facts) => parts.some((one) => one.holds(facts)) };
  return { input: { not: inputs[0] }, holds: (facts) => !parts[0]!.holds(facts) };
};

const STATES = ['IDLE', 'BUSY', 'AWAY', 'OFFLINE'] as const;
const PRESENCES = ['READY', 'NOT_READY', 'OFFLINE'] as const;
const DIRECTIONS = ['INBOUND', 'OUTBOUND', 'AGENT_INITIATED'] as const;
const END_SOURCES = ['OPEN', 'SUCCESSOR', 'NEXT_EVENT_ID', 'REPORTED'] as const;
const REASONS = ['Lunch', 'Break', 'Personal', 'Training', 'Logged in'] as const;

const reasonLeaf = (random: Random): Filter<{ reason: string | null }> => {
  const name = pick(random, REASONS);
  return random() < 0.5
    ? { input: { reason: { name: { eq: name } } }, holds: ({ reason }) => reason === name }
    : {
        input: { reason: { name: { contains: name.slice(1, 4).toUpperCase() } } },
        holds: ({ reason }) => reason?.toLowerCase().includes(name.slice(1, 4).toLowerCase()) ?? false,
      };
};

const agentsLeaf = <Key extends string>(
  random: Random,
  key: Key,
  agentIds: readonly string[],
): Filter<Record<Key, string>> => {
  const share = random() * 0.5;
  const some = agentIds.filter(() => random() < share).slice(0, 100);
  const set = new Set(some);
  return random() < 0.7
    ? { input: { [key]: { in: some } }, holds: (facts) => set.has(facts[key]) }
    : { input: { [key]: { notIn: some } }, holds: (facts) => !set.has(facts[key]) };
};

export type FilterWorld = { random: Random; agentIds: readonly string[]; nowMs: number };
type Leaf<Facts> = (world: FilterWorld) => Filter<Facts>;

/** An instant around now, mostly before. */
const someMs = ({ random, nowMs }: FilterWorld): number => nowMs + Math.floor((random() - 0.7) * 60_000);
const coin = ({ random }: FilterWorld): boolean => random() < 0.5;

/** What a filter of each topic may speak of, each as often as it stands here. */
const statusLeaves: readonly Leaf<StatusFacts>[] = [
  ({ random }) => oneField<StatusFacts, 'state'>(random, 'state', STATES),
  ({ random }) => oneField<StatusFacts, 'state'>(random, 'state', STATES),
  ({ random }) => oneField<StatusFacts, 'presence'>(random, 'presence', PRESENCES),
  ({ random }) => oneField<StatusFacts, 'direction'>(random, 'direction', DIRECTIONS),
  ({ random }) => reasonLeaf(random),
  ({ random, agentIds }) => agentsLeaf(random, 'agentId', agentIds),
  (world) => {
    const inferred = coin(world);
    return { input: { inferred }, holds: (facts) => facts.inferred === inferred };
  },
  (world) => {
    const sinceMs = someMs(world);
    return {
      input: { since: { gte: new Date(sinceMs).toISOString() } },
      holds: (facts) => facts.sinceMs >= sinceMs,
    };
  },
];

const eventLeaves: readonly Leaf<EventFacts>[] = [
  ({ random }) => oneField<EventFacts, 'state'>(random, 'state', STATES),
  ({ random }) => oneField<EventFacts, 'presence'>(random, 'presence', PRESENCES),
  ({ random }) => {
    const endSource = pick(random, END_SOURCES);
    return { input: { endSource: { eq: endSource } }, holds: (facts) => facts.endSource === endSource };
  },
  ({ random }) => {
    const endSource = pick(random, END_SOURCES);
    return { input: { endSource: { ne: endSource } }, holds: (facts) => facts.endSource !== endSource };
  },
  ({ random }) => reasonLeaf(random),
  ({ random, agentIds }) => agentsLeaf(random, 'agentId', agentIds),
  (world) => {
    const open = coin(world);
    return { input: { end: { isNull: open } }, holds: (facts) => (facts.endMs === null) === open };
  },
  () => ({ input: { revision: { gte: 2 } }, holds: (facts) => facts.revision >= 2 }),
  (world) => {
    const startMs = someMs(world);
    return {
      input: { start: { gte: new Date(startMs).toISOString() } },
      holds: (facts) => facts.startMs >= startMs,
    };
  },
];

const transferLeaves: readonly Leaf<TransferFacts>[] = [
  ({ random, agentIds }) => agentsLeaf(random, 'fromAgentId', agentIds),
  ({ random, agentIds }) => agentsLeaf(random, 'toAgentId', agentIds),
  (world) => {
    const open = coin(world);
    return { input: { end: { isNull: open } }, holds: (facts) => (facts.endMs === null) === open };
  },
];

const filterOf =
  <Facts>(leaves: readonly Leaf<Facts>[], shareOfEverything: number) =>
  (world: FilterWorld): Filter<Facts> =>
    world.random() < shareOfEverything
      ? everything
      : tree(world.random, () => pick(world.random, leaves)(world));

export const statusFilter = filterOf(statusLeaves, 0.15);
export const eventFilter = filterOf(eventLeaves, 0.15);
export const transferFilter = filterOf(transferLeaves, 0.4);

/** Of which nothing is ever told but that nothing happened. */
export const nobody: Filter<StatusFacts> = { input: { agentId: { in: [] } }, holds: () => false };
