import { findAgents, readAgents, readEvents, readReasons, readSessions } from '../entities.ts';
import type { MirrorReader } from '../reader.ts';
import { type Condition, conjuncts } from './condition.ts';
import type { EntityName } from './entities.ts';

/** The agents that are named, by row id, as far as the mirror holds them. */
export type NamedAgents = (reader: MirrorReader) => ReadonlySet<number>;

/**
 * The agents whose ids the condition on agents names, if that is all it says; else null. Agents are never removed, so
 * each is looked up until it is found and never again: a stream of one team among many costs a look into a set, a change.
 */
const namedAgents = (entity: EntityName, condition: Condition): NamedAgents | null => {
  if (entity !== 'agent' || !('field' in condition) || condition.field !== 'agentId') return null;
  const values =
    condition.kind === 'oneOf'
      ? condition.values
      : condition.kind === 'compare' && condition.operator === 'eq'
        ? [condition.value]
        : [];
  const ids = values.filter((value) => Buffer.isBuffer(value));
  if (ids.length === 0 || ids.length < values.length) return null;

  const found = new Set<number>();
  let wanted = ids;
  let mirror: MirrorReader | null = null;
  let lookedIn: number | null = null;
  return (reader) => {
    if (reader !== mirror) {
      mirror = reader;
      wanted = ids;
      lookedIn = null;
      found.clear();
    }
    if (wanted.length === 0) return found;
    const stretch = reader.stretch();
    if (stretch !== null && stretch === lookedIn) return found;
    lookedIn = stretch;
    const agents = findAgents(reader, wanted);
    for (const { id } of agents) found.add(id);
    const known = new Set(agents.map(({ agentId }) => agentId.toString('hex')));
    wanted = wanted.filter((id) => !known.has(id.toString('hex')));
    return found;
  };
};

export const agentTest = (
  entity: EntityName,
  condition: Condition,
): ((agent: number, reader: MirrorReader) => boolean) | null => {
  const named = namedAgents(entity, condition);
  return named && ((agent, reader) => named(reader).has(agent));
};

/** The only agents of whose status the condition can be true, where it names them; null: any. */
export const agentsOfStatuses = (condition: Condition): NamedAgents | null => {
  for (const one of conjuncts(condition)) {
    const named = one.kind === 'related' && one.relation === 'agent' ? namedAgents('agent', one.of) : null;
    if (named) return named;
  }
  return null;
};

type ReadRows = (reader: MirrorReader, ids: Iterable<number>) => Map<number, object>;
const readers: { [Name in EntityName]?: ReadRows } = {
  agent: readAgents,
  session: readSessions,
  event: readEvents,
  reason: readReasons,
};

type Remembered = {
  stretch: number;
  rows: Map<string, object | null>;
  /** By question, by key. */
  answers: Map<Question, Map<number, boolean>>;
};
const remembered = new WeakMap<MirrorReader, Remembered>();

/** What is remembered of this stretch; null where no stretch is kept. */
const memoryOf = (reader: MirrorReader): Remembered | null => {
  const stretch = reader.stretch();
  if (stretch === null) return null;
  let memory = remembered.get(reader);
  if (memory?.stretch !== stretch) {
    memory = { stretch, rows: new Map(), answers: new Map() };
    remembered.set(reader, memory);
  }
  return memory;
};

/** The row as of this stretch, read once for all who ask in it; `ASK` where it cannot be had so. */
export const relatedRow = (
  reader: MirrorReader,
  entity: EntityName,
  rowId: number,
): object | null | 'ASK' => {
  const read = readers[entity];
  const memory = memoryOf(reader);
  if (!read || !memory) return 'ASK';
  const key = `${entity} ${rowId}`;
  let row = memory.rows.get(key);
  if (row === undefined) {
    row = read(reader, [rowId]).get(rowId) ?? null;
    memory.rows.set(key, row);
  }
  return row;
};

/** What a statement answers of a related key. */
export type Question = (key: number, reader: MirrorReader) => boolean;

/** Each key asked once a stretch: of thousands of changes of a few agents, each may walk through all that an agent did. */
export const oncePerStretch =
  (ask: Question): Question =>
  (key, reader) => {
    const memory = memoryOf(reader);
    if (!memory) return ask(key, reader);
    const answers = memory.answers.get(ask) ?? new Map<number, boolean>();
    memory.answers.set(ask, answers);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key, reader);
    answers.set(key, answer);
    return answer;
  };
