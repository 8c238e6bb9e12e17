import type { Frame } from '../../../src/poller/index.ts';
import type { AgentStateRecord } from '../../../src/upstream/index.ts';
import { agentIdOf, noise } from '../../fixtures/floor.ts';
import { record, settled, transfer, uuidAt } from '../../mirror/support/records.ts';

const STATES = [
  ['idle', 'ready'],
  ['busy', 'ready'],
  ['away', 'not-ready'],
] as const;

/**
 * Frames as polls of a floor that moves: new events, ends that come later, repeats, late ones, hand-overs, renames, agents
 * who log in again and who log out for good. `unsure`: records also lack the name, the platform's id and the login, which
 * later or older ones bring, and logins contradict each other.
 */
export const busyFloor = (seed: number, frames: number, { unsure = false } = {}): Partial<Frame>[] => {
  const random = noise(seed);
  const oneIn = (n: number) => unsure && random() < 1 / n;
  const below = (n: number) => Math.floor(random() * n);
  const logins = Array.from({ length: 9 }, () => 0);
  const open: AgentStateRecord[] = [];
  let node = seed * 100_000;

  return Array.from({ length: frames }, (_, i): Partial<Frame> => {
    const nowMs = (i + 1) * 30_000;
    const records: AgentStateRecord[] = [];
    for (let n = below(7); n > 0; n--) {
      const agent = below(9);
      if (random() < 0.15) logins[agent] = nowMs - 1_000;
      const [state, presence] = STATES[below(3)]!;
      const start = random() < 0.15 ? below(nowMs) : nowMs - below(30_000);
      const one = record({
        eventId: uuidAt(start, node++),
        agentId: agentIdOf(agent),
        agentName: random() < 0.1 ? 'Renamed' : `Agent ${agent}`,
        sessionId: random() < 0.05 ? null : uuidAt(logins[agent]!, 0xd00 + agent),
        login: logins[agent]!,
        start,
        state: random() < 0.05 ? 'offline' : state,
        presence,
        reasonName: state === 'away' ? (['Lunch', 'Break'] as const)[below(2)]! : null,
        transfers:
          random() < 0.2
            ? [
                transfer({
                  interaction: uuidAt(start, 0xe00 + below(4)),
                  to: agentIdOf(below(9)),
                  start: start + 1,
                  ...(random() < 0.5 ? { end: start + 1_000 } : {}),
                }),
              ]
            : [],
      });
      if (oneIn(3)) one.agentName = null;
      if (oneIn(4)) one.platformAgentId = 100 + agent;
      if (oneIn(2)) one.loginMs = null;
      else if (oneIn(4) && one.loginMs !== null) one.loginMs -= 500;
      records.push(one);
      open.push(one);
    }
    const closing = open.length > 4 && random() < 0.7 ? open.splice(below(open.length), 1)[0] : undefined;
    if (closing) {
      records.push({
        ...closing,
        endMs: closing.startMs + below(60_000),
        transfers: closing.transfers.map((one) => ({ ...one, endMs: one.startMs + 2_000 })),
      });
    }
    if (open.length > 0 && random() < 0.5) records.push(open[below(open.length)]!);
    if (open.length > 0 && oneIn(3)) records.push({ ...open[below(open.length)]!, agentName: 'Renamed' });
    return { records, coverage: [settled(i === 0 ? 0 : nowMs - 30_000, nowMs)] };
  });
};
