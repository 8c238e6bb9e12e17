import type { CoverageSlice, Frame } from '../../src/poller/index.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';

const GREGORIAN_TICKS = 0x01b21dd213814000n;
/** A version-1 id of an instant, distinct for each node. */
const uuidAt = (ms: number, node: number): string => {
  const hex = (BigInt(Math.floor(ms)) * 10_000n + GREGORIAN_TICKS).toString(16).padStart(15, '0');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-8aba-${node.toString(16).padStart(12, '0')}`;
};

export const agentIdOf = (agent: number): string => uuidAt(1_500_000_000_000 + agent, agent);

const STATES = [
  ['idle', 'ready'],
  ['busy', 'ready'],
  ['away', 'not-ready'],
] as const;

const recordOf = (agent: number, startMs: number, turn: number, loginMs: number): AgentStateRecord => {
  const [state, presence] = STATES[(turn + agent) % 3]!;
  const away = state === 'away';
  return {
    eventId: uuidAt(startMs, agent),
    agentId: agentIdOf(agent),
    startMs,
    startSource: 'REPORTED',
    sessionId: uuidAt(loginMs, agent),
    eventType: away ? 'agent-not-ready' : 'agent-ready',
    loginMs,
    nextEventId: null,
    agentName: `Agent ${agent}`,
    platformAgentId: agent,
    tenantAgentId: agent,
    presence,
    state,
    allocation: state === 'busy' ? 'allocated' : 'not-allocated',
    direction: 'inbound',
    reasonId: away ? uuidAt(1_400_000_000_000, turn % 10) : null,
    reasonName: away ? `Reason ${turn % 10}` : null,
    reasonListId: null,
    reasonListName: away ? 'Away Reasons' : null,
    endMs: null,
    reportedDurationMs: null,
    capacity: [
      {
        channels: { email: 0, messaging: 0, sms: 0, voice: state === 'busy' ? 1 : 0, workItem: 0 },
        allocation: null,
        load: 0,
        capacity: 1,
      },
    ],
    transfers: [],
    extra: null,
  };
};

export type BusyFloor = {
  /** The next `changes` agents in turn, each of them in another state than before: one change of status each. */
  frame(changes: number): Frame;
};

/** A floor whose agents change one after another, a frame a moment. */
export const createBusyFloor = (agents: number, startMs: number): BusyFloor => {
  let nowMs = startMs;
  let given = 0;
  return {
    frame(changes) {
      const fromMs = nowMs;
      // A second for each time that the whole floor went by, so that no agent has two events at one instant.
      nowMs += 1_000 * Math.ceil(changes / agents);
      const slice: CoverageSlice = {
        fromMs,
        toMs: nowMs,
        level: 'SETTLED',
        cause: null,
        readAtMs: nowMs,
        reads: 1,
        stage: 0,
      };
      const records = Array.from({ length: changes }, (_, index) => {
        const agent = given % agents;
        const turn = Math.floor(given / agents);
        given += 1;
        return recordOf(agent, fromMs + 1_000 * Math.floor(index / agents), turn, startMs);
      });
      return {
        observedMs: nowMs,
        records,
        quarantined: [],
        coverage: [slice],
        audits: { put: [], remove: [] },
        status: null,
      };
    },
  };
};
