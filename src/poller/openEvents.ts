import type { AgentStateRecord } from '../upstream/index.ts';

/**
 * Events that stood open when they were last read. Upstream closes them in place, hours after their start's window
 * was read: without looking again, an agent who logged off would stay on every wallboard until the next scheduled
 * re-read. Held in memory only; `preload` fills it from the mirror after a restart.
 */
export type OpenEvents = {
  preload(events: readonly { eventId: string; agentId: string; startMs: number }[]): void;
  observe(records: readonly AgentStateRecord[]): void;
  /** Starts in [fromMs, toMs) that are due to be read again, oldest first. What is younger is read anyway. */
  due(nowMs: number, fromMs: number, toMs: number): number[];
  /** A complete answer over [fromMs, toMs) was taken at `nowMs`: what is in it waits for its next turn. */
  asked(span: { fromMs: number; toMs: number }, nowMs: number): void;
  /** One that was not believed: what is in it waits a little, and its turn counts for nothing. */
  doubted(span: { fromMs: number; toMs: number }, nowMs: number): void;
  size(): number;
};

type OpenEvent = {
  agentId: string;
  startMs: number;
  /** Start of a later event of the agent: this one is over, and its closing only has to be seen. */
  overMs: number | null;
  askedMs: number | null;
  notBeforeMs: number;
  attemptsSinceOver: number;
};

const SHORTEST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 600_000;
/** After the successor's start: once it is settled, and twice more. Then the ages of re-reads take over. */
const AFTER_SUCCESSOR_MS = [20_000, 60_000, 300_000];
/** A feed that never closes anything must not fill the memory. */
const MOST_HELD = 20_000;

/** An event that has been open for long is looked at less often: a tenth of its age, from one to ten minutes. */
const waitMs = (startMs: number, nowMs: number): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, (nowMs - startMs) / 10));

const dueAtMs = ({ startMs, overMs, askedMs, notBeforeMs, attemptsSinceOver }: OpenEvent, nowMs: number) =>
  Math.max(
    notBeforeMs,
    overMs === null
      ? (askedMs ?? startMs) + waitMs(startMs, nowMs)
      : overMs + AFTER_SUCCESSOR_MS[attemptsSinceOver]!,
  );

export const createOpenEvents = (): OpenEvents => {
  const open = new Map<string, OpenEvent>();
  const idsByAgent = new Map<string, Set<string>>();

  const forget = (eventId: string) => {
    const event = open.get(eventId);
    if (!event) return;
    open.delete(eventId);
    const ids = idsByAgent.get(event.agentId);
    ids?.delete(eventId);
    if (ids?.size === 0) idsByAgent.delete(event.agentId);
  };

  const hold = (eventId: string, agentId: string, startMs: number) => {
    if (open.has(eventId)) return;
    const eldest = open.size >= MOST_HELD ? open.keys().next().value : undefined;
    if (eldest !== undefined) forget(eldest);
    open.set(eventId, {
      agentId,
      startMs,
      overMs: null,
      askedMs: null,
      notBeforeMs: startMs,
      attemptsSinceOver: 0,
    });
    const ids = idsByAgent.get(agentId) ?? new Set();
    idsByAgent.set(agentId, ids.add(eventId));
  };

  const succeeded = (agentId: string, startMs: number) => {
    for (const eventId of idsByAgent.get(agentId) ?? []) {
      const event = open.get(eventId)!; // both maps hold the same ids
      if (event.startMs < startMs && (event.overMs === null || startMs < event.overMs))
        event.overMs = startMs;
    }
  };

  return {
    preload(events) {
      for (const { eventId, agentId, startMs } of events) hold(eventId, agentId, startMs);
    },
    observe(records) {
      for (const { eventId, agentId, startMs, endMs } of records) {
        if (endMs === null) hold(eventId, agentId, startMs);
        else forget(eventId);
      }
      for (const { agentId, startMs } of records) if (idsByAgent.has(agentId)) succeeded(agentId, startMs);
    },
    due(nowMs, fromMs, toMs) {
      const starts: number[] = [];
      for (const event of open.values()) {
        if (event.startMs >= fromMs && event.startMs < toMs && dueAtMs(event, nowMs) <= nowMs)
          starts.push(event.startMs);
      }
      return starts.sort((a, b) => a - b);
    },
    asked({ fromMs, toMs }, nowMs) {
      for (const [eventId, event] of open) {
        if (event.startMs < fromMs || event.startMs >= toMs) continue;
        event.askedMs = nowMs;
        if (event.overMs === null) continue;
        while (
          event.attemptsSinceOver < AFTER_SUCCESSOR_MS.length &&
          event.overMs + AFTER_SUCCESSOR_MS[event.attemptsSinceOver]! <= nowMs
        ) {
          event.attemptsSinceOver += 1;
        }
        if (event.attemptsSinceOver === AFTER_SUCCESSOR_MS.length) forget(eventId);
      }
    },
    doubted({ fromMs, toMs }, nowMs) {
      for (const event of open.values()) {
        if (event.startMs >= fromMs && event.startMs < toMs) event.notBeforeMs = nowMs + SHORTEST_WAIT_MS;
      }
    },
    size: () => open.size,
  };
};
