import type { IdSource } from './ids.ts';
import { hash32, share } from './random.ts';

export type Preset = 'tiny' | 'small' | 'medium' | 'large' | 'xl';

/** Agents that log in per day. */
export const agentsOfPreset: Record<Preset, number> = {
  tiny: 5,
  small: 25,
  medium: 150,
  large: 1_000,
  xl: 5_000,
};

export type WorldAgent = {
  index: number;
  id: IdSource;
  platformAgentId: number;
  tenantAgentId: number;
  name: string;
  /** The name after a rename; agents of the `renames` kind go back and forth between the two. */
  otherName: string;
  /** Renamed every few days even without a fault, so that any three days of a floor hold a rename. */
  renames: boolean;
  /** 0..23 UTC. */
  shiftHour: number;
  /** Local time of the agent's site = UTC + this. */
  siteOffsetHours: number;
  fullTime: boolean;
  /** Handles chats, mail and work items several at a time instead of calls. */
  digital: boolean;
  /** 1..3 capacity groups in every record. */
  groups: number;
};

export type Roster = {
  agents: readonly WorldAgent[];
  /** By UTC hour of the day at which their shift starts. */
  agentsByShiftHour: readonly (readonly WorldAgent[])[];
  /** Take transfers, and never speak in a record of their own (silent monitoring is left out of reporting). */
  supervisors: readonly IdSource[];
};

const FIRST =
  'Ada Bruno Chioma Dmitri Elena Farid Grace Hiro Ines Jonas Kavya Liam Maya Noor Olga Pedro Quinn Rosa Samir Tara Uma Viktor Wanda Xin Yusuf Zoe Aiko Björn Carmen Deniz'.split(
    ' ',
  );
const LAST =
  'Abara Bauer Costa Dubois Eriksen Fischer García Haddad Ito Jansen Kowalski Lindqvist Moreau Nguyen Okafor Petrov Quist Rossi Silva Tanaka Usman Vogel Weber Xu Yılmaz Zhang O’Neill Müller Novák Patel'.split(
    ' ',
  );

/** The hour, on the site's own clock, at which shifts start: most at nine. */
const LOCAL_SHIFT_HOURS = [7, 9, 8, 12, 9, 10, 8, 13, 9];

const DAY_MS = 86_400_000;
const HIRED_FROM_MS = Date.UTC(2017, 8, 1);

/** Three sites, eight hours apart, follow the sun: at any hour somebody is on shift, even on a floor of five. */
export const createRoster = (seed: number, agentCount: number): Roster => {
  const agents = Array.from({ length: agentCount }, (_, index) => createAgent(seed, index));
  const agentsByShiftHour = Array.from({ length: 24 }, (_, hour) =>
    agents.filter((agent) => agent.shiftHour === hour),
  );
  const supervisors = Array.from({ length: Math.ceil(agentCount / 12) }, (_, index) => ({
    idMs: HIRED_FROM_MS + (hash32(seed, 3, index) % 1_000) * DAY_MS,
    salt: hash32(seed, 4, index),
  }));
  return { agents, agentsByShiftHour, supervisors };
};

const createAgent = (seed: number, index: number): WorldAgent => {
  const site = index % 3;
  const localHour = LOCAL_SHIFT_HOURS[Math.floor(index / 3) % LOCAL_SHIFT_HOURS.length] ?? 9;
  const digital = index % 10 === 4 || share(seed, 5, index) < 0.22;
  return {
    index,
    id: {
      idMs: HIRED_FROM_MS + (hash32(seed, 1, index) % 3_000) * DAY_MS + (hash32(seed, 2, index) % DAY_MS),
      salt: hash32(seed, 6, index),
    },
    platformAgentId: 15_000 + index,
    tenantAgentId: 9_000 + index,
    // Two agents of one name exist on every floor of five or more.
    name: nameOf(seed, index % 40 === 3 ? index - 2 : index),
    otherName: nameOf(seed, index + 1_000_003),
    renames: index % 25 === 2,
    shiftHour: (localHour + site * 8) % 24,
    siteOffsetHours: -site * 8,
    // The first agents hold the floor around the clock, so they never work part time.
    fullTime: index < 6 || share(seed, 7, index) < 0.75,
    digital,
    groups: digital ? 1 + (hash32(seed, 8, index) % 3) : 1,
  };
};

const nameOf = (seed: number, index: number): string => {
  const hash = hash32(seed, 9, index);
  return `${FIRST[hash % FIRST.length]} ${LAST[(hash >>> 12) % LAST.length]}`;
};

/** `renameRate`: further renames per agent and day. */
export const agentNameAt = (agent: WorldAgent, atMs: number, seed: number, renameRate: number): string => {
  let renames = 0;
  if (agent.renames) renames += Math.floor((atMs - agent.shiftHour * 3_600_000 - 4 * 3_600_000) / DAY_MS / 2);
  if (renameRate > 0) {
    const day = Math.floor(atMs / DAY_MS);
    // Ten days is more than the feed ever shows: older renames only say which of the two names came first.
    for (let d = day - 10; d <= day; d++) {
      const happens = share(seed, 10, agent.index, d) < renameRate;
      if (happens && d * DAY_MS + (hash32(seed, 11, agent.index, d) % DAY_MS) <= atMs) renames++;
    }
  }
  return renames % 2 === 0 ? agent.name : agent.otherName;
};
