import type { AgentStateRecord } from '../src/upstream/index.ts';

const AGENTS = 2_000;
export const WINDOW_MS = 600_000;
/** Of one agent: 6.4 events a window, 12,800 records on the whole floor. */
const EVENT_MS = 93_750;
const SESSION_MS = 8 * 3_600_000;

const GREGORIAN_TICKS = 0x01b21dd213814000n;
/** A version-1 id of an instant, distinct for each node. */
const uuidAt = (ms: number, node: number): string => {
  const hex = (BigInt(Math.floor(ms)) * 10_000n + GREGORIAN_TICKS).toString(16).padStart(15, '0');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-8aba-${node.toString(16).padStart(12, '0')}`;
};

const STATES = [
  ['idle', 'ready'],
  ['busy', 'ready'],
  ['away', 'not-ready'],
] as const;

const recordOf = (agent: number, index: number): AgentStateRecord => {
  const startMs = index * EVENT_MS + agent * 37;
  const [state, presence] = STATES[(index + agent) % 3]!;
  const login = Math.floor(startMs / SESSION_MS) * SESSION_MS;
  const away = state === 'away';
  return {
    eventId: uuidAt(startMs, agent),
    agentId: uuidAt(1_500_000_000_000 + agent, agent),
    startMs,
    startSource: 'REPORTED',
    sessionId: uuidAt(login, agent),
    eventType: away ? 'agent-not-ready' : 'agent-ready',
    loginMs: login,
    nextEventId: uuidAt(startMs + EVENT_MS, agent),
    agentName: `Agent ${agent}`,
    platformAgentId: agent,
    tenantAgentId: agent,
    presence,
    state,
    allocation: state === 'busy' ? 'allocated' : 'not-allocated',
    direction: 'inbound',
    reasonId: away ? uuidAt(1_400_000_000_000, index % 10) : null,
    reasonName: away ? `Reason ${index % 10}` : null,
    reasonListId: null,
    reasonListName: away ? 'Away Reasons' : null,
    endMs: startMs + EVENT_MS,
    reportedDurationMs: EVENT_MS,
    capacity: [
      {
        channels: { email: 0, messaging: 0, sms: 0, voice: state === 'busy' ? 1 : 0, workItem: 0 },
        allocation: null,
        load: 0,
        capacity: 1,
      },
    ],
    transfers:
      state === 'busy' && index % 7 === 0
        ? [
            {
              interactionId: uuidAt(startMs + 1, agent),
              toAgentId: uuidAt(1_500_000_000_000 + ((agent + 1) % AGENTS), (agent + 1) % AGENTS),
              startMs: startMs + 1_000,
              endMs: startMs + 9_000,
            },
          ]
        : [],
    extra: null,
  };
};

/** All records that begin in the ten minutes from `fromMs`, in order: 2,000 agents, some 12,800 records. */
export const windowRecords = (fromMs: number): AgentStateRecord[] => {
  const records: AgentStateRecord[] = [];
  for (let agent = 0; agent < AGENTS; agent++) {
    for (let index = Math.ceil((fromMs - agent * 37) / EVENT_MS); ; index++) {
      const record = recordOf(agent, index);
      if (record.startMs >= fromMs + WINDOW_MS) break;
      records.push(record);
    }
  }
  return records.sort((a, b) => a.startMs - b.startMs);
};
