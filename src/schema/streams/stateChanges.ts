import {
  agentsOfStatuses,
  type ChangeRow,
  type Condition,
  conditionPredicate,
  decodeStatusImage,
  type MirrorReader,
  type StatusFacts,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { createStamp } from '../stamp.ts';
import { type Knowledge, type StatusRow, statusRow } from '../status/row.ts';
import { speaksOfFacts } from './followable.ts';
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

type Images = {
  before: StatusFacts | null;
  after: StatusFacts | null;
  /** The status is what it was; its agent or its session is told otherwise than before. */
  onlyBeside: boolean;
};

const factsOf = (agent: number, image: string | null): StatusFacts | null =>
  image === null ? null : { ...decodeStatusImage(image), agent };

/** Rows near the head are the same objects for every stream: decoded once for all. */
const decoded = createStamp<Images>();
const imagesOf = (row: ChangeRow): Images => {
  let images = decoded.get(row);
  if (!images) {
    images = {
      before: factsOf(row.agent, row.before),
      after: factsOf(row.agent, row.after),
      onlyBeside: row.before !== null && row.before === row.after,
    };
    decoded.set(row, images);
  }
  return images;
};

const kindOf = ({ before, after }: Images, isBefore: boolean, isAfter: boolean): StateChangeKind => {
  if (!isBefore) return 'ENTERED';
  if (!isAfter) return 'LEFT';
  return before?.event === after?.event && Boolean(before?.inferred) === Boolean(after?.inferred)
    ? 'REVISED'
    : 'CHANGED';
};

/** Where in these rows each agent stands: worked out once for all streams of a few agents each. */
const places = new WeakMap<readonly ChangeRow[], Map<number, number[]>>();
const placesOf = (agents: ReadonlySet<number>, rows: readonly ChangeRow[]): number[] => {
  let byAgent = places.get(rows);
  if (!byAgent) {
    byAgent = new Map();
    for (const [i, { agent }] of rows.entries()) {
      const those = byAgent.get(agent);
      if (those) those.push(i);
      else byAgent.set(agent, [i]);
    }
    places.set(rows, byAgent);
  }
  const found: number[] = [];
  for (const agent of agents) {
    const those = byAgent.get(agent);
    if (those) for (const i of those) found.push(i);
  }
  return found.length > 1 ? found.sort((a, b) => a - b) : found;
};

/**
 * Changes of the current status, seen through a filter: what comes into it, changes within it, and leaves it. What an
 * agent or a session was called before is in no image, so where the filter speaks of that, whether an agent was in
 * cannot be told when it changes: it is then said to leave or to enter in any case, for a board must keep no ghosts and
 * miss nobody. Changes of an agent's facts have rows of their own; a session's may come with any row of the agent.
 */
export const translateStates = (
  condition: Condition,
  knowledge: () => Knowledge,
): Translate<StateChangeRow> => {
  const satisfies = conditionPredicate('status', condition);
  const named = agentsOfStatuses(condition);
  const ofAgent = speaksOfFacts(condition, 'agent');
  const ofSession = speaksOfFacts(condition, 'session');
  const wasIn = ({ before, onlyBeside }: Images, isAfter: boolean, reader: MirrorReader): boolean => {
    if (before === null) return false;
    if (onlyBeside && (ofAgent || ofSession)) return !isAfter;
    return (ofSession && !isAfter) || satisfies(before, reader);
  };
  return (reader: MirrorReader, rows: readonly ChangeRow[]) => {
    // Read when something matches: of hundreds of streams most have nothing in a commit.
    let known: Knowledge | null = null;
    const kept: StateChangeRow[] = [];
    const changeOf = (change: ChangeRow): StateChangeRow | null => {
      const images = imagesOf(change);
      const { before, after } = images;
      const isAfter = after !== null && satisfies(after, reader);
      const isBefore = wasIn(images, isAfter, reader);
      if (!isBefore && !isAfter) return null;
      const { agent, observedMs } = change;
      known ??= knowledge();
      const row: StateChangeRow = {
        kind: kindOf(images, isBefore, isAfter),
        agent,
        before: before && statusRow(before, observedMs, known),
        after: after && statusRow(after, observedMs, known),
        observedMs,
      };
      kept.push(row);
      return row;
    };
    const agents = named?.(reader);
    let changes: (StateChangeRow | null)[];
    if (agents && agents.size < rows.length) {
      const found = placesOf(agents, rows);
      changes = Array.from({ length: (found.at(-1) ?? -1) + 1 }, () => null);
      for (const i of found) changes[i] = changeOf(rows[i]!);
    } else changes = rows.map(changeOf);
    if (kept.length > 0) {
      siblings(kept);
      siblings(kept.flatMap(({ before, after }) => [before, after]).filter((one) => one !== null));
    }
    return changes;
  };
};
