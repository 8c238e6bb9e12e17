import type { RecordFaults } from './faults.ts';
import { hostOf, type IdSource } from './ids.ts';
import { createRandom, exponential, hash32, share } from './random.ts';
import { agentNameAt, type Roster, type WorldAgent } from './roster.ts';
import { planSessions, type SessionHead, type SessionPlan, stepSalt } from './sessions.ts';
import type { ShiftStep } from './shift.ts';

export type WorldTransfer = { interaction: IdSource; to: IdSource; startMs: number; endMs: number };

export type WorldSession = { head: SessionHead; successor: SessionHead | null; openForever: boolean };

export type Malformation = 'NO_EVENT_ID' | 'NO_AGENT_ID' | 'NO_START' | 'NOT_AN_OBJECT';

/** One event as it truly happened, and what will go wrong with its record. */
export type WorldEvent = {
  agent: WorldAgent;
  agentName: string;
  session: WorldSession;
  step: ShiftStep;
  salt: number;
  /** As minted: the host's skewed clock included. */
  id: IdSource;
  startMs: number;
  /** When the next event of the session was minted, never before the start; Infinity for the session's last. */
  endMs: number;
  next: WorldEvent | null;
  transfers: readonly WorldTransfer[];
  lateMs: number;
  /** On top of `lateMs`: how late the open record is rewritten closed. */
  rewriteLateMs: number;
  dropped: boolean;
  changed: boolean;
  duplicate: boolean;
  malformed: Malformation | null;
  missingAttribute: boolean;
  unknownEnum: boolean;
  extraAttribute: boolean;
  contradictory: boolean;
  /** Set when the record names one before it as the next. */
  chainsBackTo: IdSource | null;
  reasonRenamed: boolean;
};

/** All shifts that start around one hour, by start. The world is made of these, each from the seed alone. */
export type Cohort = { hour: number; events: WorldEvent[] };

/** Records after the fault `lateDays` can come this much later than they should. */
export const LATEST_MS = 48 * 3_600_000;

export const createCohort = (
  seed: number,
  roster: Roster,
  hour: number,
  faultsAt: (atMs: number) => RecordFaults,
): Cohort => {
  const events: WorldEvent[] = [];
  const transfers: { from: WorldAgent; transfer: WorldTransfer }[] = [];
  const targets = createTargets(seed, roster);
  for (const agent of roster.agentsByShiftHour[((hour % 24) + 24) % 24] ?? []) {
    for (const plan of planSessions(seed, agent, hour, faultsAt(hour * 3_600_000))) {
      for (const event of sessionEvents(seed, agent, plan, faultsAt)) {
        events.push(event);
        const spoken = event.step.transfer;
        if (!spoken) continue;
        const transfer: WorldTransfer = {
          ...spoken,
          interaction: { idMs: event.startMs - 20_000, salt: hash32(event.salt, 51) },
          to: targets(event.salt),
        };
        transfers.push({ from: agent, transfer });
        event.transfers = [...event.transfers, transfer];
        tellAgain(event, transfer);
      }
    }
  }
  linkInteractions(seed, transfers);
  events.sort((a, b) => a.startMs - b.startMs || a.salt - b.salt);
  return { hour, events };
};

/** A transfer that outlives its record is told again, with its end, by the record after it that lasts any time. */
const tellAgain = (teller: WorldEvent, transfer: WorldTransfer): void => {
  const { next } = teller;
  if (!next || transfer.endMs <= teller.endMs) return;
  next.transfers = [...next.transfers, transfer];
  if (next.endMs === next.startMs) tellAgain(next, transfer);
};

const sessionEvents = (
  seed: number,
  agent: WorldAgent,
  plan: SessionPlan,
  faultsAt: (atMs: number) => RecordFaults,
): WorldEvent[] => {
  const successor = plan.successor && {
    ...plan.successor,
    firstEvent: asMinted(
      plan.successor.firstEvent,
      seed,
      faultsAt(plan.successor.firstEvent.idMs).uuidSkewMs,
    ),
  };
  const session: WorldSession = {
    head: plan.head,
    successor,
    openForever: share(plan.salt, 52) < faultsAt(plan.head.loginMs).openForever,
  };
  const events: WorldEvent[] = [];
  let previous: WorldEvent | null = null;
  plan.steps.forEach((planned, ordinal) => {
    const salt = stepSalt(plan.salt, ordinal);
    // The later of two moves: whatever ends at the earlier, or names it, stays right.
    const shared =
      previous && share(previous.salt, 94) < faultsAt(previous.step.atMs).sameMoment ? previous : null;
    const step = shared ? { ...planned, atMs: shared.step.atMs } : planned;
    const faults = faultsAt(step.atMs);
    // In the vendor's sample a record starts one millisecond after its id was minted; both kinds are played.
    const startMs = shared?.startMs ?? step.atMs + (hash32(salt, 53) & 1);
    const event: WorldEvent = {
      agent,
      agentName:
        share(seed, 91, agent.index) < faults.sameName
          ? NAMESAKE
          : agentNameAt(agent, startMs, seed, faults.rename),
      session,
      step,
      salt,
      id: asMinted({ idMs: step.atMs, salt }, seed, faults.uuidSkewMs),
      startMs,
      endMs: Infinity,
      next: null,
      transfers: NO_TRANSFERS,
      lateMs: latenessMs(salt, faults),
      rewriteLateMs:
        share(salt, 77) < faults.lateRewrite ? secondsLate(hash32(salt, 78), 60_000, 600_000) : 0,
      dropped: share(salt, 54) < faults.dropped,
      changed: share(salt, 55) < faults.changed,
      duplicate: share(salt, 56) < faults.duplicate,
      malformed: share(salt, 57) < faults.malformed ? MALFORMATIONS[hash32(salt, 58) & 3]! : null,
      missingAttribute: share(salt, 59) < faults.missingAttribute,
      unknownEnum: share(salt, 60) < faults.unknownEnum,
      extraAttribute: share(salt, 61) < faults.extraAttribute,
      contradictory: share(salt, 70) < faults.contradictory,
      chainsBackTo:
        share(salt, 93) < faults.chainBack ? (events.at(-1 - (hash32(salt, 95) & 3))?.id ?? null) : null,
      reasonRenamed: share(salt, 92) < faults.reasonRename,
    };
    if (previous) {
      previous.endMs = Math.max(previous.startMs, step.atMs);
      previous.next = event;
    }
    events.push(event);
    previous = event;
  });
  return events;
};

/** Of everybody whom the fault gives it to. */
const NAMESAKE = 'Alex Kim';

/** One array for all: most of a floor's records have none. */
const NO_TRANSFERS: readonly WorldTransfer[] = [];

const MALFORMATIONS: readonly Malformation[] = ['NO_EVENT_ID', 'NO_AGENT_ID', 'NO_START', 'NOT_AN_OBJECT'];

const asMinted = (id: IdSource, seed: number, mostSkewMs: number): IdSource =>
  mostSkewMs === 0
    ? id
    : { ...id, idMs: id.idMs + Math.round((share(seed, 62, hostOf(id.salt)) * 2 - 1) * mostSkewMs) };

const latenessMs = (salt: number, faults: RecordFaults): number => {
  const draw = share(salt, 63);
  if (draw < faults.lateDays) return 3_600_000 + Math.floor(share(salt, 64) * (LATEST_MS - 3_600_000));
  if (draw < faults.lateDays + faults.lateMinutes) return 60_000 + Math.floor(share(salt, 64) * 540_000);
  if (draw < faults.lateDays + faults.lateMinutes + faults.late) {
    return secondsLate(salt, 20_000, 300_000);
  }
  return 0;
};

const secondsLate = (salt: number, meanMs: number, mostMs: number): number =>
  1 + Math.floor(Math.min(exponential(createRandom(salt), meanMs), mostMs));

/** Two in three transfers go to colleagues, the rest to supervisors and to users that no record ever names. */
const createTargets =
  (seed: number, roster: Roster) =>
  (salt: number): IdSource => {
    const draw = share(salt, 65);
    const nth = hash32(salt, 66);
    const supervisor = roster.supervisors[nth % roster.supervisors.length];
    if (draw > 0.9 || !supervisor)
      return { idMs: 1_510_000_000_000 + (nth % 9), salt: hash32(seed, 67, nth % 9) };
    if (draw > 0.67) return supervisor;
    return roster.agents[nth % roster.agents.length]?.id ?? supervisor;
  };

/**
 * Makes some transfers a chain: when the sender of a transfer got to hand on something within the last 20 minutes, half
 * the time it is the interaction last transferred on the floor, and it first goes to this sender.
 */
const linkInteractions = (seed: number, sent: { from: WorldAgent; transfer: WorldTransfer }[]): void => {
  sent.sort((a, b) => a.transfer.startMs - b.transfer.startMs || a.from.index - b.from.index);
  for (let i = 1; i < sent.length; i++) {
    const earlier = sent[i - 1]!;
    const later = sent[i]!;
    const gapMs = later.transfer.startMs - earlier.transfer.endMs;
    if (gapMs < 5_000 || gapMs > 1_200_000 || share(seed, 68, later.transfer.interaction.salt) > 0.5)
      continue;
    if (earlier.from === later.from) continue;
    earlier.transfer.to = later.from.id;
    later.transfer.interaction = earlier.transfer.interaction;
    // Now and then it comes back to where it started.
    if (share(seed, 69, later.transfer.interaction.salt) < 0.2) later.transfer.to = earlier.from.id;
  }
};
