import type { CoverageSlice, GapCause } from '../../../src/poller/index.ts';
import type { AgentStateRecord, TransferRecord } from '../../../src/upstream/index.ts';

/** Midnight of the test floor: small numbers in tests are milliseconds after it. */
export const DAY_MS = Date.UTC(2026, 10, 23);

const GREGORIAN_TICKS = 0x01b21dd213814000n;

/** The version-1 id minted at an instant after midnight; `node` tells apart what is minted at the same one. */
export const uuidAt = (ms: number, node = 1): string => {
  const hex = (BigInt(DAY_MS + ms) * 10_000n + GREGORIAN_TICKS).toString(16).padStart(15, '0');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-8aba-${node.toString(16).padStart(12, '0')}`;
};

/** An id that holds no time. */
export const randomUuid = (n: number): string =>
  `${n.toString(16).padStart(8, '0')}-2f6e-4c1d-9a5b-0123456789ab`;

export const ANN = uuidAt(-1_000_000, 0xa);
export const BOB = uuidAt(-1_000_000, 0xb);

export type RecordParts = Partial<Omit<AgentStateRecord, 'startMs' | 'endMs' | 'loginMs' | 'transfers'>> & {
  /** After midnight. */
  start: number;
  end?: number;
  login?: number;
  transfers?: TransferRecord[];
};

/** Ann's record, idle and ready, of a session that began at midnight, unless told otherwise. */
export const record = ({ start, end, login, ...parts }: RecordParts): AgentStateRecord => ({
  eventId: uuidAt(start),
  agentId: ANN,
  startMs: DAY_MS + start,
  startSource: 'REPORTED',
  sessionId: uuidAt(0, 5),
  eventType: 'agent-ready',
  loginMs: login === undefined ? null : DAY_MS + login,
  nextEventId: null,
  agentName: 'Ann',
  platformAgentId: 15,
  tenantAgentId: 93,
  presence: 'ready',
  state: 'idle',
  allocation: 'not-allocated',
  direction: 'inbound',
  reasonId: null,
  reasonName: null,
  reasonListId: null,
  reasonListName: null,
  endMs: end === undefined ? null : DAY_MS + end,
  reportedDurationMs: null,
  capacity: null,
  transfers: [],
  extra: null,
  ...parts,
});

export const transfer = (parts: {
  interaction: string;
  to: string;
  start: number;
  end?: number;
}): TransferRecord => ({
  interactionId: parts.interaction,
  toAgentId: parts.to,
  startMs: DAY_MS + parts.start,
  endMs: parts.end === undefined ? null : DAY_MS + parts.end,
});

/** Coverage settled between two instants after midnight. */
export const settled = (from: number, to: number): CoverageSlice => ({
  fromMs: DAY_MS + from,
  toMs: DAY_MS + to,
  level: 'SETTLED',
  cause: null,
  readAtMs: DAY_MS + to,
  reads: 1,
  stage: 0,
});

/** Time that was not read, between two instants after midnight. */
export const gap = (from: number, to: number, cause: GapCause = 'OUTAGE'): CoverageSlice => ({
  ...settled(from, to),
  level: 'GAP',
  cause,
  readAtMs: null,
  reads: 0,
});
