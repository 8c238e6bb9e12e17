import { between, exponential, gaussian, logNormal, pick, type Random } from './random.ts';
import { type Reason, reasonNamed } from './reasons.ts';

export type Channels = { email: number; voice: number; workItem: number; messaging: number; sms: number };

/** One moment of an agent's day at which something changed; it holds until the next step. */
export type ShiftStep = {
  atMs: number;
  eventType: 'agent-session-start' | 'agent-capacity' | 'agent-ready' | 'agent-not-ready';
  presence: 'ready' | 'not-ready' | 'offline';
  state: 'idle' | 'busy' | 'away' | 'offline';
  reason: Reason | null;
  direction: 'inbound' | 'outbound' | 'agent-initiated';
  /** Interactions in hand, or offered. */
  inHand: Channels;
  /** A transfer that the agent starts during this step. */
  transfer: { startMs: number; endMs: number } | null;
};

export type ShiftPlan = {
  startMs: number;
  fullTime: boolean;
  digital: boolean;
  siteOffsetHours: number;
};

const nothing: Channels = Object.freeze({ email: 0, voice: 0, workItem: 0, messaging: 0, sms: 0 });
const oneCall: Channels = Object.freeze({ ...nothing, voice: 1 });

const loggedIn = reasonNamed('Logged in');
const shortAway = [reasonNamed('Personal'), reasonNamed('Back office'), reasonNamed('System issue')] as const;
const longAway = [reasonNamed('Training'), reasonNamed('Meeting'), reasonNamed('Coaching')] as const;

/** Share of ready time spent on interactions, by hour of the site's day: two humps around lunch. */
const OCCUPANCY_FROM_7 = [0.55, 0.7, 0.82, 0.88, 0.88, 0.84, 0.82, 0.85, 0.84, 0.8, 0.74, 0.66, 0.6, 0.52];
const occupancyAt = (localHour: number): number => OCCUPANCY_FROM_7[Math.floor(localHour) - 7] ?? 0.5;

const HOUR_S = 3600;
/** Handling times are cut here, so that no shift reaches past `SHIFT_REACH_MS`. */
const LONGEST_INTERACTION_S = 2_700;

/** No shift starts this long before its hour, and none is still going this long after it. */
export const SHIFT_EARLY_MS = 15 * 60_000;
export const SHIFT_REACH_MS = 10 * 3_600_000;

type Pause = { atS: number; reason: Reason; lengthS: number };

const pausesOf = (random: Random, endS: number, fullTime: boolean): Pause[] => {
  const pauses: Pause[] = [];
  const plan = (atS: number, reason: Reason, lengthS: number) =>
    pauses.push({ atS, reason, lengthS: Math.min(Math.max(20, lengthS), 2 * HOUR_S) });
  const rest = () => logNormal(random, 930, 0.15);
  if (fullTime) {
    plan(gaussian(random, 2 * HOUR_S, 300), reasonNamed('Break'), rest());
    plan(gaussian(random, 4 * HOUR_S, 600), reasonNamed('Lunch'), logNormal(random, 1860, 0.12));
    plan(gaussian(random, 6.3 * HOUR_S, 300), reasonNamed('Break'), rest());
  } else {
    plan(2.2 * HOUR_S, reasonNamed('Break'), rest());
  }
  for (let left = pick(random, [0, 1, 1, 2, 3]); left > 0; left--) {
    plan(between(random, 600, endS - 600), pick(random, shortAway), logNormal(random, 240, 0.8));
  }
  if (random() < 0.15) {
    plan(between(random, HOUR_S, endS - 1.5 * HOUR_S), pick(random, longAway), logNormal(random, 2400, 0.4));
  }
  return pauses.sort((a, b) => a.atS - b.atS);
};

/**
 * One agent's day as the traffic model has it: log-in, contacts, breaks, lunch, rejected offers, transfers.
 * Steps are in strictly growing time; `endMs` is when the last one ends.
 */
export const planShift = (plan: ShiftPlan, random: Random): { steps: ShiftStep[]; endMs: number } => {
  const steps: ShiftStep[] = [];
  const endS = (plan.fullTime ? 8.5 : 4.5) * HOUR_S;
  const pauses = pausesOf(random, endS, plan.fullTime);
  const startHour = plan.startMs / 3_600_000 + plan.siteOffsetHours;
  const atMs = (s: number) => plan.startMs + Math.round(s * 1000);
  const occupancy = (s: number) => occupancyAt((((startHour + s / HOUR_S) % 24) + 24) % 24);
  let direction: ShiftStep['direction'] = 'inbound';

  const push = (s: number, step: Omit<ShiftStep, 'atMs' | 'direction' | 'transfer'>) => {
    const last = steps.at(-1);
    // Ids are minted at these instants, and two of one session must not share a millisecond.
    const at = Math.max(atMs(s), last ? last.atMs + 3 : 0);
    const pushed: ShiftStep = { ...step, atMs: at, direction, transfer: null };
    steps.push(pushed);
    return pushed;
  };
  const ready = (s: number) => {
    const mode = random();
    direction = mode < 0.9 ? 'inbound' : mode < 0.97 ? 'outbound' : 'agent-initiated';
    push(s, { eventType: 'agent-ready', presence: 'ready', state: 'idle', reason: null, inHand: nothing });
  };
  const away = (s: number, reason: Reason) =>
    push(s, { eventType: 'agent-not-ready', presence: 'not-ready', state: 'away', reason, inHand: nothing });
  const handling = (s: number, inHand: Channels, busy: boolean) =>
    push(s, {
      eventType: 'agent-capacity',
      presence: 'ready',
      state: busy ? 'busy' : 'idle',
      reason: null,
      inHand,
    });

  const takeCall = (fromS: number): number => {
    const idleS = exponential(random, (360 * (1 - occupancy(fromS))) / occupancy(fromS));
    const offeredS = fromS + idleS;
    if (offeredS >= endS || offeredS >= (pauses[0]?.atS ?? Infinity) + 60) return offeredS;
    if (random() < 0.05) {
      handling(offeredS, oneCall, true);
      const rejectedS = offeredS + between(random, 8, 30);
      handling(rejectedS, nothing, false);
      return rejectedS;
    }
    const lengthS = Math.min(Math.max(15, logNormal(random, 360, 0.9)), LONGEST_INTERACTION_S);
    const call = handling(offeredS, oneCall, true);
    const doneS = offeredS + lengthS;
    if (random() < 0.1) addTransfer(call, doneS, lengthS);
    if (random() < 0.02 && lengthS > 60) return stepAwayDuring(doneS, lengthS);
    handling(doneS, nothing, false);
    return doneS;
  };

  const addTransfer = (step: ShiftStep, doneS: number, lengthS: number) => {
    const startMs = Math.max(step.atMs + 5, atMs(doneS - Math.min(lengthS * 0.6, between(random, 15, 75))));
    // Three in ten are still going on when the record that started them ends.
    const lateS = random() < 0.3 ? between(random, 2, 30) : -between(random, 0, 4);
    step.transfer = { startMs, endMs: Math.max(startMs + 500, atMs(doneS + lateS)) };
  };

  /** Not-ready while still on the call: legal, and busy until the call ends. */
  const stepAwayDuring = (doneS: number, lengthS: number): number => {
    const reason = reasonNamed('Personal');
    const presence = 'not-ready';
    push(doneS - lengthS * 0.3, {
      eventType: 'agent-not-ready',
      presence,
      state: 'busy',
      reason,
      inHand: oneCall,
    });
    push(doneS, { eventType: 'agent-capacity', presence, state: 'away', reason, inHand: nothing });
    const backS = doneS + between(random, 60, 300);
    ready(backS);
    return backS;
  };

  /** Up to three interactions at a time, arriving and ending each on its own, until the next pause. */
  const handleDigital = (fromS: number): number => {
    const horizonS = Math.min(endS, pauses[0]?.atS ?? endS);
    const open: { doneS: number; channel: keyof Channels }[] = [];
    let s = fromS;
    let inHand = nothing;
    for (;;) {
      const gapS = exponential(random, 720 / (occupancy(s) * 3));
      const arrivesS = open.length < 3 && s + gapS < horizonS ? s + gapS : Infinity;
      const ending = open.reduce((a, b) => (b.doneS < a.doneS ? b : a), { doneS: Infinity, channel: 'sms' });
      if (arrivesS === Infinity && ending.doneS === Infinity) return Math.max(s, horizonS);
      if (arrivesS < ending.doneS) {
        s = arrivesS;
        const channel = digitalChannel(random);
        const lengthS = Math.min(Math.max(30, logNormal(random, 720, 0.8)), LONGEST_INTERACTION_S);
        open.push({ doneS: s + lengthS, channel });
        inHand = { ...inHand, [channel]: inHand[channel] + 1 };
        const step = handling(s, inHand, true);
        if (random() < 0.07) {
          const startMs = step.atMs + 2_000 + Math.round(random() * 20_000);
          step.transfer = { startMs, endMs: startMs + 1_000 + Math.round(random() * 60_000) };
        }
      } else {
        s = ending.doneS;
        open.splice(
          open.findIndex((one) => one.doneS === ending.doneS),
          1,
        );
        inHand = { ...inHand, [ending.channel]: inHand[ending.channel] - 1 };
        handling(s, inHand, open.length > 0);
      }
    }
  };

  push(0, {
    eventType: 'agent-session-start',
    presence: 'not-ready',
    state: 'away',
    reason: null,
    inHand: nothing,
  });
  let s = between(random, 0.3, 3);
  away(s, loggedIn);
  s += Math.min(logNormal(random, 90, 1), 900);
  ready(s);
  while (s < endS) {
    const pause = pauses[0];
    if (pause && s >= pause.atS) {
      pauses.shift();
      away(s, pause.reason);
      s += pause.lengthS;
      ready(s);
    } else {
      s = plan.digital ? handleDigital(s) : takeCall(s);
    }
  }
  const last = steps.at(-1);
  return { steps, endMs: Math.max(atMs(s), (last?.atMs ?? plan.startMs) + 1_000) };
};

const digitalChannel = (random: Random): keyof Channels => {
  const draw = random();
  if (draw < 0.6) return 'messaging';
  if (draw < 0.85) return 'email';
  return draw < 0.95 ? 'sms' : 'workItem';
};

/** The second session of one shift: the agent logged in again without logging out, or after a crash. */
export const loginSteps = (atMs: number): ShiftStep[] => [
  {
    atMs,
    eventType: 'agent-session-start',
    presence: 'not-ready',
    state: 'away',
    reason: null,
    direction: 'inbound',
    inHand: nothing,
    transfer: null,
  },
  {
    atMs: atMs + 1_204,
    eventType: 'agent-not-ready',
    presence: 'not-ready',
    state: 'away',
    reason: loggedIn,
    direction: 'inbound',
    inHand: nothing,
    transfer: null,
  },
  {
    atMs: atMs + 9_871,
    eventType: 'agent-ready',
    presence: 'ready',
    state: 'idle',
    reason: null,
    direction: 'inbound',
    inHand: nothing,
    transfer: null,
  },
];

/** What the older of two overlapping sessions says after the newer one began. */
export const strayStep = (atMs: number): ShiftStep => ({
  atMs,
  eventType: 'agent-not-ready',
  presence: 'not-ready',
  state: 'away',
  reason: reasonNamed('System issue'),
  direction: 'inbound',
  inHand: nothing,
  transfer: null,
});

export const offlineStep = (atMs: number): ShiftStep => ({
  atMs,
  eventType: 'agent-not-ready',
  presence: 'offline',
  state: 'offline',
  reason: null,
  direction: 'inbound',
  inHand: nothing,
  transfer: null,
});
