import { type AgentStateRecord, uuidTimeMs } from '../upstream/index.ts';
import { isSettled, sliceAt } from './coverage.ts';
import type { AuditTask, CoverageSlice, Span } from './frame.ts';

/**
 * The chain audit: a record's `nextEventId` that never arrives proves a missing record and, in a version-1 id, its
 * instant. A successor that is merely too young, or lies in time that is not read yet, proves nothing.
 */

const MINUTE_MS = 60_000;
/** Hosts that mint ids are not in step to the millisecond. */
const HOST_SKEW_MS = 5_000;

/** 1, 2, 4, … 60 minutes. */
const backoffMs = (attempts: number): number => Math.min(60, 2 ** Math.min(attempts, 10)) * MINUTE_MS;

export type AuditDelta = {
  put: AuditTask[];
  remove: string[];
  /** Instants at which a missing record is now given up, and at which one given up has come after all. */
  brokenAtMs: number[];
  mendedAtMs: number[];
};

export type AuditInput = {
  tasks: readonly AuditTask[];
  records: readonly AgentStateRecord[];
  /** As it is with this read. */
  coverage: readonly CoverageSlice[];
  /** What was looked through, whether whole or not; null when nobody knows which time that was. */
  claim: Span | null;
  observedMs: number;
  settleMs: number;
  retentionReachMs: number;
  /** The oldest instant that can still be read. */
  earliestMs: number;
  /** Of these ids, those the mirror does not hold. */
  missingEvents(eventIds: readonly string[]): string[];
};

export const auditChain = (input: AuditInput): AuditDelta => {
  const arrived = new Set(input.records.map((record) => record.eventId));
  const delta: AuditDelta = { put: [], remove: [], brokenAtMs: [], mendedAtMs: [] };
  for (const task of input.tasks) reviewTask(task, arrived, input, delta);
  openTasks(arrived, input, delta);
  return delta;
};

const reviewTask = (
  task: AuditTask,
  arrived: ReadonlySet<string>,
  input: AuditInput,
  delta: AuditDelta,
): void => {
  const { expectedMs } = task;
  if (arrived.has(task.eventId)) {
    delta.remove.push(task.eventId);
    if (task.state === 'BROKEN' && expectedMs !== null) delta.mendedAtMs.push(expectedMs);
    return;
  }
  if (task.state === 'BROKEN') return;
  const outOfReach =
    expectedMs === null ? task.nextAttemptMs <= input.observedMs : expectedMs < input.earliestMs;
  if (outOfReach) {
    delta.put.push({ ...task, state: 'BROKEN' });
    if (expectedMs !== null) delta.brokenAtMs.push(expectedMs);
    return;
  }
  const { claim } = input;
  const lookedFor =
    claim !== null && expectedMs !== null && claim.fromMs <= expectedMs && expectedMs < claim.toMs;
  if (lookedFor && task.nextAttemptMs <= input.observedMs) {
    const attempts = task.attempts + 1;
    delta.put.push({ ...task, attempts, nextAttemptMs: input.observedMs + backoffMs(attempts) });
  }
};

const openTasks = (arrived: ReadonlySet<string>, input: AuditInput, delta: AuditDelta): void => {
  const known = new Set(input.tasks.map((task) => task.eventId));
  const suspects = new Map<string, AuditTask>();
  for (const record of input.records) {
    const eventId = record.nextEventId;
    if (eventId === null || arrived.has(eventId) || known.has(eventId) || suspects.has(eventId)) continue;
    const expectedMs = uuidTimeMs(eventId);
    // Without an instant the record's own end says whether its successor should be there by now.
    const dueMs = expectedMs ?? record.endMs ?? record.startMs;
    if (dueMs + HOST_SKEW_MS > input.observedMs - input.settleMs) continue;
    const slice = sliceAt(input.coverage, dueMs);
    if (!slice || !isSettled(slice)) continue;
    suspects.set(eventId, {
      eventId,
      namedBy: record.eventId,
      expectedMs,
      attempts: 0,
      nextAttemptMs: input.observedMs + (expectedMs === null ? input.retentionReachMs : backoffMs(0)),
      state: 'OPEN',
    });
  }
  if (suspects.size === 0) return;
  for (const eventId of input.missingEvents([...suspects.keys()])) {
    const task = suspects.get(eventId);
    if (task) delta.put.push(task);
  }
};
