import {
  type Condition,
  conditionPredicate,
  everything,
  type MirrorReader,
  readCurrentStatuses,
  readSilentAt,
  readStatusesAt,
  readStatusesOf,
  type Standing,
} from '../../mirror/index.ts';
import type { Instant } from './instant.ts';
import { type PastFloor, pastFloorAt } from './pastFloor.ts';
import { type Knowledge, knowledgeOf, type StatusRow, statusRow, unknownRow } from './row.ts';

/** Of whom nothing is known, nothing but the agent can satisfy a filter. */
const unknownRows = (
  mirror: MirrorReader,
  agents: readonly number[],
  atMs: number,
  condition: Condition,
): StatusRow[] => {
  const satisfies = conditionPredicate('status', condition);
  return agents
    .map((agent) => unknownRow(agent, atMs))
    .filter((row) => satisfies({ ...row, sinceMs: null, sinceEventMs: null }, mirror));
};

const rowsOf = (
  mirror: MirrorReader,
  { stood, silent }: PastFloor,
  atMs: number,
  knowledge: Knowledge,
  condition: Condition,
): StatusRow[] => {
  const satisfies = conditionPredicate('status', condition);
  return [
    ...stood.filter((one) => satisfies(one, mirror)).map((one) => statusRow(one, atMs, knowledge)),
    ...unknownRows(mirror, silent, atMs, condition),
  ];
};

/** The whole floor at an instant of the past, as far as it satisfies the condition. */
export const pastRows = (
  mirror: MirrorReader,
  standing: Standing,
  { atMs }: Instant,
  knowledge: Knowledge,
  condition: Condition,
): StatusRow[] => {
  if (knowledge.blank) {
    const all = readCurrentStatuses(mirror, everything).map(({ agent }) => agent);
    return unknownRows(mirror, all, atMs, condition);
  }
  return rowsOf(mirror, pastFloorAt(mirror, standing, atMs), atMs, knowledge, condition);
};

/** The statuses of these agents (agent.id) at an instant, now or past; of none where the agent had not come up yet. */
export const rowsOfAgents = (
  mirror: MirrorReader,
  standing: Standing,
  instant: Instant,
  agents: readonly number[],
): StatusRow[] => {
  const knowledge = knowledgeOf(standing, instant);
  const { atMs, kind } = instant;
  if (kind === 'NOW' || knowledge.blank) {
    return readStatusesOf(mirror, agents).map((one) => statusRow(one, atMs, knowledge));
  }
  const stood = readStatusesAt(mirror, atMs, agents);
  const known = stood.map(({ agent }) => agent);
  const silent = readSilentAt(mirror, atMs, known, agents);
  return rowsOf(mirror, { stood, silent }, atMs, knowledge, everything);
};
