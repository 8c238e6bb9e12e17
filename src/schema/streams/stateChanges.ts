import {
  type ChangeRow,
  type Condition,
  conditionPredicate,
  decodeStatusImage,
  type MirrorReader,
  readCurrentStatuses,
  type StatusFacts,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { createCertainty, type StatusRow, statusRow } from '../status/row.ts';
import type { Translate } from './source.ts';

export type StateChangeKind = 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';

export type StateChangeRow = {
  kind: StateChangeKind;
  /** agent.id */
  agent: number;
  before: StatusRow | null;
  after: StatusRow | null;
  observedMs: number;
};

const factsOf = (agent: number, image: string | null): StatusFacts | null =>
  image === null ? null : { ...decodeStatusImage(image), agent };

const kindOf = (
  before: StatusFacts | null,
  after: StatusFacts | null,
  matches: { before: boolean; after: boolean },
): StateChangeKind | null => {
  if (!matches.before && !matches.after) return null;
  if (!matches.before) return 'ENTERED';
  if (!matches.after) return 'LEFT';
  return before?.event === after?.event && Boolean(before?.inferred) === Boolean(after?.inferred)
    ? 'REVISED'
    : 'CHANGED';
};

/** Changes of the current status, seen through a filter: what comes into it, changes within it, and leaves it. */
export const translateStates = (condition: Condition, nowMs: () => number): Translate<StateChangeRow> => {
  const satisfies = conditionPredicate('status', condition);
  return (reader: MirrorReader, rows: readonly ChangeRow[]) => {
    if (rows.length === 0) return [];
    const certaintyOf = createCertainty(reader, { kind: 'NOW', nowMs: nowMs() });
    const changes = rows.map(({ agent, before: beforeImage, after: afterImage, observedMs }) => {
      const [before, after] = [factsOf(agent, beforeImage), factsOf(agent, afterImage)];
      const kind = kindOf(before, after, {
        before: before !== null && satisfies(before, reader),
        after: after !== null && satisfies(after, reader),
      });
      if (kind === null) return null;
      const row = (facts: StatusFacts | null) =>
        facts && statusRow(facts, observedMs, certaintyOf(facts), false);
      return { kind, agent, before: row(before), after: row(after), observedMs };
    });
    const kept = changes.filter((change) => change !== null);
    siblings(kept);
    siblings(kept.flatMap(({ before, after }) => [before, after]).filter((one) => one !== null));
    return changes;
  };
};

/** Every status that satisfies the condition now, as agents that enter. */
export const snapshotStates = (
  reader: MirrorReader,
  condition: Condition,
  nowMs: number,
): StateChangeRow[] => {
  const certaintyOf = createCertainty(reader, { kind: 'NOW', nowMs });
  const changes = readCurrentStatuses(reader, condition).map((facts) => ({
    kind: 'ENTERED' as const,
    agent: facts.agent,
    before: null,
    after: statusRow(facts, nowMs, certaintyOf(facts), false),
    observedMs: nowMs,
  }));
  siblings(changes.map(({ after }) => after));
  return [...siblings(changes)];
};
