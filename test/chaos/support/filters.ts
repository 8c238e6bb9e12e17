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

export const statusFilter = ({ random, agentIds, nowMs }: FilterWorld): Filter<StatusFacts> => {
  if (random() < 0.15) return everything;
  const sinceMs = nowMs + Math.floor((random() - 0.7) * 60_000);
  const inferred = random() < 0.5;
  return tree(random, () =>
    pick<() => Filter<StatusFacts>>(random, [
      () => oneField<StatusFacts, 'state'>(random, 'state', STATES),
      () => oneField<StatusFacts, 'state'>(random, 'state', STATES),
      () => oneField<StatusFacts, 'presence'>(random, 'presence', PRESENCES),
      () => oneField<StatusFacts, 'direction'>(random, 'direction', DIRECTIONS),
      () => reasonLeaf(random),
      () => agentsLeaf(random, 'agentId', agentIds),
      () => ({ input: { inferred }, holds: (facts) => facts.inferred === inferred }),
      () => ({
        input: { since: { gte: new Date(sinceMs).toISOString() } },
        holds: (facts) => facts.sinceMs >= sinceMs,
      }),
    ])(),
  );
};

export const eventFilter = ({ random, agentIds, nowMs }: FilterWorld): Filter<EventFacts> => {
  if (random() < 0.15) return everything;
  const startMs = nowMs + Math.floor((random() - 0.7) * 60_000);
  const open = random() < 0.5;
  const endSource = pick(random, ['OPEN', 'SUCCESSOR', 'NEXT_EVENT_ID', 'REPORTED']);
  return tree(random, () =>
    pick<() => Filter<EventFacts>>(random, [
      () => oneField<EventFacts, 'state'>(random, 'state', STATES),
      () => oneField<EventFacts, 'presence'>(random, 'presence', PRESENCES),
      () => ({ input: { endSource: { eq: endSource } }, holds: (facts) => facts.endSource === endSource }),
      () => ({ input: { endSource: { ne: endSource } }, holds: (facts) => facts.endSource !== endSource }),
      () => reasonLeaf(random),
      () => agentsLeaf(random, 'agentId', agentIds),
      () => ({ input: { end: { isNull: open } }, holds: (facts) => (facts.endMs === null) === open }),
      () => ({ input: { revision: { gte: 2 } }, holds: (facts) => facts.revision >= 2 }),
      () => ({
        input: { start: { gte: new Date(startMs).toISOString() } },
        holds: (facts) => facts.startMs >= startMs,
      }),
    ])(),
  );
};

export const transferFilter = ({ random, agentIds }: FilterWorld): Filter<TransferFacts> => {
  if (random() < 0.4) return everything;
  const open = random() < 0.5;
  return tree(random, () =>
    pick<() => Filter<TransferFacts>>(random, [
      () => agentsLeaf(random, 'fromAgentId', agentIds),
      () => agentsLeaf(random, 'toAgentId', agentIds),
      () => ({ input: { end: { isNull: open } }, holds: (facts) => (facts.endMs === null) === open }),
    ])(),
  );
};
