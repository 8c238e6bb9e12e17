import type { MirrorFile } from '../../mirror/support/mirrorFile.ts';

/**
 * The obvious way to filter, order and page: everything in memory, by plain loops over facts read with plain joins. It
 * knows GraphQL's filter inputs and nothing of how the gateway reads.
 */
export type Fact = Record<string, unknown>;
export type Facts = { event: Fact[]; session: Fact[]; agent: Fact[]; transfer: Fact[]; status: Fact[] };

const enumOf = (known: readonly string[]) => (raw: unknown) =>
  raw === null
    ? null
    : known.includes(String(raw))
      ? String(raw).toUpperCase().replaceAll('-', '_')
      : 'UNKNOWN';
const KNOWN: Record<string, string[]> = {
  state: ['idle', 'busy', 'away', 'offline'],
  presence: ['ready', 'not-ready', 'offline'],
  allocation: ['not-allocated', 'allocated', 'fully-allocated'],
  direction: ['inbound', 'outbound', 'agent-initiated'],
  event_type: ['agent-session-start', 'agent-capacity', 'agent-ready', 'agent-not-ready'],
};
/** Codes of the best source last. */
const EVENT_ENDS = ['OPEN', 'SUPERSEDED', 'SUCCESSOR', 'NEXT_EVENT_ID', 'REPORTED'];
const SESSION_ENDS = ['OPEN', 'SUPERSEDED', 'LAST_EVENT_ENDED', 'OFFLINE_EVENT'];
const rawSql = (table: string, column: string) =>
  `case ${KNOWN[column]!.map((raw, i) => `when ${table}.${column} = ${i + 1} then '${raw}'`).join(' ')}
   else (select raw from unknown_value where id = ${table}.${column}) end`;
/** Each attribute's raw string, and the enumeration beside it. */
const CODED = ['state', 'presence', 'allocation', 'direction'];
const rawColumns = (table: string) => CODED.map((name) => `${rawSql(table, name)} as ${name}Raw`).join(', ');
const addEnums = (fact: Fact, names: readonly string[]) => {
  for (const name of names) {
    const column = name === 'eventType' ? 'event_type' : name;
    fact[name] = enumOf(KNOWN[column]!)(fact[`${name}Raw`]);
  }
};

const uuid = (column: string) => `lower(hex(${column}))`;

/** Everything in the mirror, joined up. Ids are the hex of the packed form, whose order is the order of ids. */
export const readFacts = (mirror: MirrorFile): Facts => {
  const agents = mirror.rows<Fact>(
    `select id as rowId, ${uuid('agent_id')} as agentId, platform_agent_id as platformAgentId,
       tenant_agent_id as tenantAgentId, name, name_key as nameKey,
       seen = 1 as seen from agent`,
  );
  for (const agent of agents) agent['seen'] = agent['seen'] === 1;
  const agentByRow = new Map(agents.map((one) => [one['rowId'], one]));
  const sessions = mirror.rows<Fact>(
    `select id as rowId, agent as agentRow, ${uuid('session_id')} as sessionId, began_ms as startMs, end_ms as endMs,
       login_ms as loginTimestamp, end_source as endCode from session`,
  );
  for (const one of sessions) {
    one['agent'] = agentByRow.get(one['agentRow']);
    one['began'] = one['startMs'];
    one['endSource'] = SESSION_ENDS[Number(one['endCode'])];
  }
  const sessionByRow = new Map(sessions.map((one) => [one['rowId'], one]));
  const transfers = mirror.rows<Fact>(
    `select id as rowId, from_agent as fromRow, to_agent as toRow, ${uuid('interaction_id')} as interactionId, start_ms as startMs,
       end_ms as endMs, event as eventRow from transfer`,
  );
  for (const one of transfers) {
    one['fromAgent'] = agentByRow.get(one['fromRow']);
    one['toAgent'] = agentByRow.get(one['toRow']);
  }
  const carried = mirror.rows<{ event: number; transfer: number }>(
    'select event, transfer from event_transfer',
  );
  const events = mirror.rows<Fact>(
    `select event.id as rowId, ${uuid('event_id')} as eventId, agent as agentRow, session as sessionRow, start_ms as startMs,
       end_ms as endMs, end_source as endCode, observed_ms as observedAt, ${rawColumns('event')},
       ${rawSql('event', 'event_type')} as eventTypeRaw, reason.name as reasonName, revision
     from event left join reason on reason.id = event.reason`,
  );
  for (const one of events) {
    one['agent'] = agentByRow.get(one['agentRow']);
    one['session'] = sessionByRow.get(one['sessionRow']) ?? null;
    one['reason'] = one['reasonName'] === null ? null : { name: one['reasonName'] };
    one['endSource'] = EVENT_ENDS[Number(one['endCode'])];
    addEnums(one, [...CODED, 'eventType']);
    one['transfers'] = carried
      .filter((link) => link.event === one['rowId'])
      .map((link) => transfers.find((transfer) => transfer['rowId'] === link.transfer)!);
  }
  const eventByRow = new Map(events.map((one) => [one['rowId'], one]));
  for (const one of transfers) one['event'] = eventByRow.get(one['eventRow']) ?? null;
  const statuses = mirror.rows<Fact>(
    `select agent as rowId, agent_status.session as sessionRow, since_ms as since, since_event_ms as sinceEvent,
       inferred = 1 as inferred, ${rawColumns('agent_status')}, reason.name as reasonName, agent_status.reason as reasonRow
     from agent_status left join reason on reason.id = agent_status.reason`,
  );
  for (const one of statuses) {
    one['agent'] = agentByRow.get(one['rowId']);
    one['session'] = sessionByRow.get(one['sessionRow']) ?? null;
    one['reason'] = one['reasonRow'] === null ? null : { name: one['reasonName'] || null };
    one['inferred'] = one['inferred'] === 1;
    addEnums(one, CODED);
  }
  const statusByRow = new Map(statuses.map((one) => [one['rowId'], one]));
  for (const one of sessions) one['events'] = events.filter((event) => event['sessionRow'] === one['rowId']);
  for (const one of agents) {
    one['sessions'] = sessions.filter((session) => session['agentRow'] === one['rowId']);
    one['events'] = events.filter((event) => event['agentRow'] === one['rowId']);
    one['transfersOut'] = transfers.filter((transfer) => transfer['fromRow'] === one['rowId']);
    one['transfersIn'] = transfers.filter((transfer) => transfer['toRow'] === one['rowId']);
    one['status'] = statusByRow.get(one['rowId']) ?? null;
  }
  for (const one of [...sessions, ...events, ...transfers]) {
    one['durationSeconds'] =
      one['endMs'] === null ? null : (Number(one['endMs']) - Number(one['startMs'])) / 1000;
    one['start'] = one['startMs'];
    one['end'] = one['endMs'];
  }
  return { event: events, session: sessions, agent: agents, transfer: transfers, status: statuses };
};

/** Instants in filters are RFC 3339; facts have milliseconds. Ids in filters have dashes; facts have packed hex. */
type Operand = (value: unknown) => unknown;
const asMs: Operand = (value) => Date.parse(String(value));
export const packedHex: Operand = (value) => {
  const hex = String(value).replaceAll('-', '').toLowerCase();
  return hex[12] === '1'
    ? `${hex.slice(12, 16)}${hex.slice(8, 12)}${hex.slice(0, 8)}${hex.slice(16)}`
    : `00${hex}`;
};
const INSTANTS = new Set(['start', 'end', 'began', 'loginTimestamp', 'observedAt', 'since', 'sinceEvent']);
const operandOf = (field: string): Operand => {
  if (INSTANTS.has(field)) return asMs;
  if (/^(agent|event|session|interaction)Id$/.test(field)) return packedHex;
  return (value) => value;
};

const compareValues = (a: unknown, b: unknown): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
};

const holds = (value: unknown, operator: string, operand: unknown, read: Operand): boolean => {
  switch (operator) {
    case 'eq':
      return value === read(operand);
    case 'ne':
      return value !== read(operand);
    case 'in':
      return (operand as unknown[]).some((one) => value === read(one));
    case 'notIn':
      return !(operand as unknown[]).some((one) => value === read(one));
    case 'isNull':
      return (value === null) === operand;
    case 'contains':
      return value !== null && String(value).toLowerCase().includes(String(operand).toLowerCase());
    case 'startsWith':
      return value !== null && String(value).toLowerCase().startsWith(String(operand).toLowerCase());
  }
  if (value === null) return false;
  const order = compareValues(value, read(operand));
  if (operator === 'lt') return order < 0;
  if (operator === 'lte') return order <= 0;
  if (operator === 'gt') return order > 0;
  return order >= 0;
};

const ONE = new Set(['agent', 'session', 'reason', 'fromAgent', 'toAgent', 'event', 'status']);
const MANY = new Set(['sessions', 'events', 'transfers', 'transfersOut', 'transfersIn']);
/** Ids that stand for a relation, where they are not the row's own. */
const ID_OF: Record<string, [relation: string, id: string]> = {
  agentId: ['agent', 'agentId'],
  sessionId: ['session', 'sessionId'],
  fromAgentId: ['fromAgent', 'agentId'],
  toAgentId: ['toAgent', 'agentId'],
};

export type Filter = Record<string, unknown>;

/** Whether the fact satisfies the filter; `raw` fields of facts are what the filter's operators are held against. */
export const satisfies = (fact: Fact, filter: Filter): boolean =>
  Object.entries(filter).every(([field, value]) => {
    if (field === 'and') return (value as Filter[]).every((one) => satisfies(fact, one));
    if (field === 'or') return (value as Filter[]).some((one) => satisfies(fact, one));
    if (field === 'not') return !satisfies(fact, value as Filter);
    if (field === 'seen' || field === 'inferred') return fact[field] === value;
    const stands = field in fact ? undefined : ID_OF[field];
    if (stands) {
      const other = fact[stands[0]] as Fact | null;
      return other !== null && satisfies(other, { [stands[1]]: value });
    }
    if (ONE.has(field)) {
      const other = fact[field] as Fact | null;
      return other !== null && satisfies(other, value as Filter);
    }
    if (MANY.has(field)) {
      const { some, none } = value as { some?: Filter; none?: Filter };
      const others = fact[field] as Fact[];
      return (
        (!some || others.some((other) => satisfies(other, some))) &&
        (!none || !others.some((other) => satisfies(other, none)))
      );
    }
    const startMs = Number(fact['startMs']);
    if (field === 'startedIn' || field === 'overlaps') {
      const { from, to } = value as { from: string; to: string };
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      if (field === 'startedIn') return startMs >= fromMs && startMs < toMs;
      const endMs = fact['endMs'] === null ? Number.POSITIVE_INFINITY : Number(fact['endMs']);
      return startMs < toMs && (endMs > fromMs || startMs >= fromMs);
    }
    return Object.entries(value as Filter).every(([operator, operand]) =>
      holds(fact[field] ?? null, operator, operand, operandOf(field)),
    );
  });

type List = Exclude<keyof Facts, 'status'>;
const idField: Record<List, string> = {
  event: 'eventId',
  session: 'sessionId',
  agent: 'rowId',
  transfer: 'rowId',
};

/** All facts of a list that satisfy the filter, in order. */
export const listOf = (facts: Facts, list: List, filter: Filter, orderBy: string): Fact[] => {
  const keyOf = (fact: Fact): unknown => {
    if (orderBy.startsWith('NAME')) return fact['nameKey'];
    if (orderBy.startsWith('DURATION')) return fact['durationSeconds'] ?? Number.POSITIVE_INFINITY;
    return fact['startMs'];
  };
  const order = (a: unknown, b: unknown) => (a === b ? 0 : compareValues(a, b));
  const sign = orderBy.endsWith('DESC') ? -1 : 1;
  return facts[list]
    .filter((fact) => satisfies(fact, filter))
    .sort(
      (a, b) =>
        sign *
        (order(keyOf(a), keyOf(b)) ||
          // Infinity - Infinity is no number.
          order(a[idField[list]], b[idField[list]])),
    );
};
