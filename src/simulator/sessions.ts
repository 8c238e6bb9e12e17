import type { RecordFaults } from './faults.ts';
import type { IdSource } from './ids.ts';
import { createRandom, gaussian, hash32, share } from './random.ts';
import type { WorldAgent } from './roster.ts';
import { loginSteps, offlineStep, planShift, type ShiftStep, strayStep } from './shift.ts';

/** Where a session begins: all that another session needs to know of it. */
export type SessionHead = {
  /** The session's id names the moment a few milliseconds before log-in. */
  id: IdSource;
  loginMs: number;
  /** Id of its first record. */
  firstEvent: IdSource;
};

export type SessionPlan = {
  head: SessionHead;
  /** Salt of the n-th step is derived from this. */
  salt: number;
  /** The last step is always the `offline` one at the session's end; which feed shows it is a variant. */
  steps: ShiftStep[];
  /** The agent's next session, unless it began before this one ended. */
  successor: SessionHead | null;
};

const HOUR_MS = 3_600_000;
const LONGEST_EARLY_START_MS = 12 * 60_000;
/** From log-in to the next word of an agent who stays in one state: within what a shift may reach. */
const LONG_STAY_MS = 9 * HOUR_MS;

const shiftStartMs = (seed: number, agent: WorldAgent, hour: number): number => {
  const random = createRandom(hash32(seed, 41, agent.index, hour));
  const jitterMs = Math.round(gaussian(random, 0, 240_000));
  return hour * HOUR_MS + Math.min(Math.max(jitterMs, -LONGEST_EARLY_START_MS), LONGEST_EARLY_START_MS);
};

export const stepSalt = (sessionSalt: number, ordinal: number): number => hash32(sessionSalt, 42, ordinal);

const headAt = (loginMs: number, salt: number): SessionHead => ({
  id: { idMs: loginMs - 3, salt: hash32(salt, 43) },
  loginMs,
  firstEvent: { idMs: loginMs, salt: stepSalt(salt, 0) },
});

const sessionSalt = (seed: number, agent: WorldAgent, hour: number, nth: number): number =>
  hash32(seed, 44 + nth, agent.index, hour);

/**
 * All sessions of the shift that the agent starts around `hour` (hours since 1970): normally one; two when the agent
 * logs in again mid-shift.
 */
export const planSessions = (
  seed: number,
  agent: WorldAgent,
  hour: number,
  faults: Pick<RecordFaults, 'overlap' | 'longStay'>,
): SessionPlan[] => {
  const startMs = shiftStartMs(seed, agent, hour);
  const tomorrow = headAt(shiftStartMs(seed, agent, hour + 24), sessionSalt(seed, agent, hour + 24, 0));
  const first = { salt: sessionSalt(seed, agent, hour, 0) };
  const head = headAt(startMs, first.salt);
  if (share(seed, 49, agent.index, hour) < faults.longStay) {
    const leavesMs = startMs + LONG_STAY_MS;
    const steps = [...loginSteps(startMs), strayStep(leavesMs), offlineStep(leavesMs + 60_000)];
    return [{ head, salt: first.salt, steps, successor: tomorrow }];
  }

  const random = createRandom(hash32(seed, 46, agent.index, hour));
  const { steps, endMs } = planShift({ ...agent, startMs }, random);
  const overlaps = share(seed, 47, agent.index, hour) < faults.overlap;
  const again = overlaps || share(seed, 48, agent.index, hour) < 0.02;
  const cut = again ? quietStep(steps, endMs) : null;
  if (cut === null) {
    return [{ head, salt: first.salt, steps: [...steps, offlineStep(endMs)], successor: tomorrow }];
  }
  const { index, atMs, lengthMs } = cut;
  const loginMs = atMs + Math.floor(lengthMs * 0.4);
  const salt = sessionSalt(seed, agent, hour, 1);
  const second = headAt(loginMs, salt);
  const older = steps.slice(0, index + 1);
  const strayMs = loginMs + 2_113 + (hash32(salt, 1) % 60_000);
  const olderSteps = overlaps
    ? [...older, strayStep(strayMs), offlineStep(strayMs + 30_000 + (hash32(salt, 2) % 900_000))]
    : [...older, offlineStep(atMs + Math.floor(lengthMs * 0.2))];
  return [
    { head, salt: first.salt, steps: olderSteps, successor: overlaps ? null : second },
    {
      head: second,
      salt,
      steps: [...loginSteps(loginMs), ...steps.slice(index + 1), offlineStep(endMs)],
      successor: tomorrow,
    },
  ];
};

/** The idle minute nearest to the middle of the shift: a log-in fits into it without moving anything else. */
const quietStep = (
  steps: readonly ShiftStep[],
  endMs: number,
): { index: number; atMs: number; lengthMs: number } | null => {
  const middle = Math.floor(steps.length / 2);
  for (let index = middle; index < steps.length; index++) {
    const step = steps[index];
    if (!step) break;
    const lengthMs = (steps[index + 1]?.atMs ?? endMs) - step.atMs;
    if (step.state === 'idle' && lengthMs >= 60_000) return { index, atMs: step.atMs, lengthMs };
  }
  return null;
};
