import { findAgents, readAgents, readEvents, readReasons, readSessions } from '../entities.ts';
import type { MirrorReader } from '../reader.ts';
import type { Condition } from './condition.ts';
import type { EntityName } from './entities.ts';

type AgentTest = (agent: number, reader: MirrorReader) => boolean;

/** The ids that the condition on agents names, if to name ids is all it does. */
const idsNamed = (condition: Condition): Buffer[] | null => {
  if (!('field' in condition) || condition.field !== 'agentId') return null;
  const values =
    condition.kind === 'oneOf'
      ? condition.values
      : condition.kind === 'compare' && condition.operator === 'eq'
        ? [condition.value]
        : [];
  const ids = values.filter((value) => Buffer.isBuffer(value));
  return ids.length > 0 && ids.length === values.length ? ids : null;
};

/**
 * Whether the agent is one of those that the condition names by id; null where it says something else. Agents are never
 * removed, so each is looked up until it is found and never again: a stream of one team among many costs a look into a
 * set, a change.
 */
export const agentTest = (entity: EntityName, condition: Condition): AgentTest | null => {
  const ids = entity === 'agent' ? idsNamed(condition) : null;
  if (!ids) return null;
  const found = new Set<number>();
  let wanted = ids;
  let mirror: MirrorReader | null = null;
  let lookedIn: number | null = null;
  return (agent, reader) => {
    if (reader !== mirror) {
      mirror = reader;
      wanted = ids;
      lookedIn = null;
      found.clear();
    }
    if (found.has(agent)) return true;
    if (wanted.length === 0) return false;
    const stretch = reader.stretch();
    if (stretch !== null && stretch === lookedIn) return false;
    lookedIn = stretch;
    const agents = findAgents(reader, wanted);
    for (const { id } of agents) found.add(id);
    const known = new Set(agents.map(({ agentId }) => agentId.toString('hex')));
    wanted = wanted.filter((id) => !known.has(id.toString('hex')));
    return found.has(agent);
  };
};

type ReadRows = (reader: MirrorReader, ids: Iterable<number>) => Map<number, object>;
const readers: { [Name in EntityName]?: ReadRows } = {
  agent: readAgents,
  session: readSessions,
  event: readEvents,
  reason: readReasons,
};

type Remembered = { stretch: number; rows: Map<string, object | null> };
const remembered = new WeakMap<MirrorReader, Remembered>();

/** The row as of this stretch, read once for all who ask in it; `ASK` where it cannot be had so. */
export const relatedRow = (
  reader: MirrorReader,
  entity: EntityName,
  rowId: number,
): object | null | 'ASK' => {
  const read = readers[entity];
  const stretch = reader.stretch();
  if (!read || stretch === null) return 'ASK';
  let memory = remembered.get(reader);
  if (memory?.stretch !== stretch) {
    memory = { stretch, rows: new Map() };
    remembered.set(reader, memory);
  }
  const key = `${entity} ${rowId}`;
  let row = memory.rows.get(key);
  if (row === undefined) {
    row = read(reader, [rowId]).get(rowId) ?? null;
    memory.rows.set(key, row);
  }
  return row;
};
