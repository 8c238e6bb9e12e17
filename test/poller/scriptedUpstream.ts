import type { Clock } from '../../src/clock/clock.ts';
import type {
  AgentStateRecord,
  QuarantinedRow,
  ReadFailure,
  ReadOutcome,
  Upstream,
} from '../../src/upstream/index.ts';

const AGENT = 'b6828f70-a38f-11e7-bbe9-0fc9cd50d3ff';
const GREGORIAN_MS = 12_219_292_800_000;

/** A version-1 id minted at `ms`. */
export const idAt = (ms: number, node = 1): string => {
  const ticks = (BigInt(ms) + BigInt(GREGORIAN_MS)) * 10_000n;
  const hex = ticks.toString(16).padStart(15, '0');
  return `${hex.slice(7)}-${hex.slice(3, 7)}-1${hex.slice(0, 3)}-8aba-${node.toString(16).padStart(12, '0')}`;
};

export const recordAt = (startMs: number, more: Partial<AgentStateRecord> = {}): AgentStateRecord => ({
  eventId: idAt(startMs),
  agentId: AGENT,
  startMs,
  startSource: 'REPORTED',
  sessionId: null,
  eventType: null,
  loginMs: null,
  nextEventId: null,
  agentName: null,
  platformAgentId: null,
  tenantAgentId: null,
  presence: null,
  state: null,
  allocation: null,
  direction: null,
  reasonId: null,
  reasonName: null,
  reasonListId: null,
  reasonListName: null,
  endMs: null,
  reportedDurationMs: null,
  capacity: null,
  transfers: [],
  extra: null,
  ...more,
});

export const failure = (code: ReadFailure['code'], more: Partial<ReadFailure> = {}): ReadFailure => ({
  kind: 'FAILED',
  code,
  message: code,
  status: null,
  retryAfterMs: null,
  dateSample: null,
  ...more,
});

export type Asked = { fromMs: number; toMs: number; serverNowMs: number };

export type Script = {
  /** Server clock minus the monotonic clock. */
  serverOffsetMs: number;
  reachMs: number;
  latencyMs: number;
  /** Every record and the server time from which it can be read. */
  rows: { record: AgentStateRecord; visibleMs: number }[];
  sendsDate: boolean;
  /** Answers instead of the rows; null: the rows. */
  fault: (asked: Asked) => ReadFailure | null;
  /** What stands beside the rows and is no record. */
  quarantined: (asked: Asked) => QuarantinedRow[];
  /** How much longer than its latency an answer takes. */
  delayMs: (asked: Asked) => number;
};

/** Upstream by script, in memory: it answers as the vendor's page says, and notes every request with the server's true time. */
export const createScriptedUpstream = (clock: Clock, given: Partial<Script> = {}) => {
  const script: Script = {
    serverOffsetMs: Date.UTC(2026, 5, 1, 12),
    reachMs: 3 * 86_400_000,
    latencyMs: 50,
    rows: [],
    sendsDate: true,
    fault: () => null,
    quarantined: () => [],
    delayMs: () => 0,
    ...given,
  };
  const requests: Asked[] = [];
  const serverNowMs = () => clock.monotonicMs() + script.serverOffsetMs;

  const upstream: Upstream = {
    async readWindow({ fromMs, toMs }, signal): Promise<ReadOutcome> {
      const sentMonotonicMs = clock.monotonicMs();
      await clock.sleep(script.latencyMs / 2, signal);
      const nowMs = serverNowMs();
      const asked = { fromMs, toMs, serverNowMs: nowMs };
      requests.push(asked);
      const seen = script.rows
        .filter(({ visibleMs }) => visibleMs <= nowMs)
        .map(({ record }) => record)
        .filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
      await clock.sleep(script.latencyMs / 2 + script.delayMs(asked), signal);
      if (signal.aborted) return failure('ABORTED');
      const dateSample = script.sendsDate
        ? {
            dateMs: Math.floor(nowMs / 1000) * 1000,
            sentMonotonicMs,
            receivedMonotonicMs: clock.monotonicMs(),
          }
        : null;
      const broken = script.fault(asked);
      if (broken) return { ...broken, dateSample };
      if (fromMs < nowMs - script.reachMs) return failure('BAD_REQUEST', { status: 400, dateSample });
      if (toMs - fromMs > 600_000) return failure('BAD_REQUEST', { status: 400, dateSample });
      return {
        kind: 'READ',
        records: seen,
        quarantined: script.quarantined(asked),
        requests: 1,
        dateSample,
        sentMonotonicMs,
      };
    },
  };
  return { upstream, requests, script, serverNowMs };
};
