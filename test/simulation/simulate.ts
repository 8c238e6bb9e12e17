import { createManualClock } from '../../src/clock/manualClock.ts';
import type { Appended, Frame, FrameLog, PollStateSource } from '../../src/poller/index.ts';
import { createFeed, createRandom, createWorld, type Feed, noFaults } from '../../src/simulator/index.ts';
import { createAwareness } from './awareness.ts';
import { createFeedUpstream, type TrueRead } from './feedUpstream.ts';
import { type Incarnation, startIncarnation } from './incarnation.ts';
import { LARGEST_WALL_ERROR_MS, type Plan } from './plan.ts';
import { createServerClock } from './serverClock.ts';

export const TENANT_ID = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';

/** A mirror that survives its process: `open` gives it as a new process would find it. */
export type Mirror = { open(): FrameLog & PollStateSource };

/** A frame as it was committed, beside the truth of the moment. */
export type Commit = {
  frame: Frame;
  /** The read that it was made of; null for a frame about a failure. */
  read: TrueRead | null;
  serverNowMs: number;
  monotonicMs: number;
  life: number;
  /** How often the server's clock had been set. */
  steps: number;
  /** Whether the gateway could know what the server's clock shows, and that it was right if another process said otherwise. */
  aware: boolean;
  /** Whether an answer has told this process of the server's clock. */
  measured: boolean;
};

export type Played = {
  plan: Plan;
  feed: Feed;
  reads: (TrueRead & { life: number })[];
  commits: Commit[];
  /** Of each process, how often the server's clock had been set when it began. */
  births: number[];
  /** Server time to which the clock was set, in order. */
  clockSettings: number[];
  state: ReturnType<PollStateSource['readPollState']>;
};

/** Hours or days of one seed, on a clock of its own. */
export const simulate = async (plan: Plan, mirror: Mirror): Promise<Played> => {
  const random = createRandom(plan.seed);
  const clock = createManualClock(plan.beginMs + plan.wallErrorMs);
  const serverClock = createServerClock(clock, {
    beginMs: plan.beginMs,
    drift: plan.clockDrift,
    steps: plan.clockSteps,
  });
  const serverNowMs = serverClock.nowMs;
  const steps = () => serverClock.settings().length;
  const awareness = createAwareness();
  const world = createWorld({
    seed: plan.seed,
    agents: plan.agents,
    startMs: plan.beginMs - 4 * 3_600_000,
    faults: plan.faults,
  });
  const feed = createFeed(world, plan.variants, plan.faults, createRandom(plan.seed + 1), TENANT_ID);
  const reads: Played['reads'] = [];
  const commits: Commit[] = [];
  const births: number[] = [];
  let calm = false;
  let lastRead: TrueRead | null = null;

  const upstream = createFeedUpstream({
    feed,
    clock,
    random: createRandom(plan.seed + 2),
    serverClock,
    awareness,
    reachMs: plan.settings.retentionReachMs,
    tenantId: TENANT_ID,
    pageLimit: plan.pageLimit,
    chokes: { atMs: plan.chokesAtMs, untilMs: plan.calmMs },
    onRead(read) {
      lastRead = read;
      reads.push({ ...read, life: births.length });
    },
  });

  const witnessed = (store: FrameLog & PollStateSource): FrameLog & PollStateSource => ({
    ...store,
    async append(frame, expectedSeq): Promise<Appended> {
      const appended = await store.append(frame, expectedSeq);
      if (appended.kind === 'APPENDED') {
        commits.push({
          frame,
          // A frame that tells of an answer without its records vouches for none of them.
          read: lastRead?.records?.length === frame.records.length ? lastRead : null,
          serverNowMs: serverNowMs(),
          monotonicMs: clock.monotonicMs(),
          life: births.length,
          steps: steps(),
          measured: awareness.isMeasured(),
          aware: awareness.isAware(steps()) && (awareness.isMeasured() || steps() === 0),
        });
      }
      return appended;
    },
  });

  const begin = (): Incarnation => {
    births.push(steps());
    awareness.born(clock.nowMs() - serverNowMs(), steps());
    return startIncarnation({
      clock,
      upstream,
      store: witnessed(mirror.open()),
      settings: plan.settings,
      random: createRandom(plan.seed + 100 + births.length),
      fate: () => !calm && random() < plan.killShare,
    });
  };

  const jumpsAtMs = Array.from(
    { length: plan.wallJumps },
    () => plan.beginMs + random() * (plan.calmMs - plan.beginMs),
  ).sort((a, b) => a - b);

  const calmDown = () => {
    if (calm || serverNowMs() < plan.calmMs) return;
    calm = true;
    feed.setFaults(noFaults);
  };

  let life = begin();
  while (serverNowMs() < plan.endMs) {
    await clock.advance(plan.strideMs);
    calmDown();
    if (jumpsAtMs[0] !== undefined && jumpsAtMs[0] < serverNowMs()) {
      jumpsAtMs.shift();
      const errorMs = Math.round((random() - 0.5) * LARGEST_WALL_ERROR_MS * 2);
      clock.jumpWallClock(serverNowMs() + errorMs - clock.nowMs());
    }
    if (life.isDead()) {
      await clock.advance(random() ** 3 * 1_200_000);
      calmDown();
      life = begin();
    }
  }
  const stopped = life.stop();
  await clock.advance(30_000);
  await stopped;
  const clockSettings = serverClock.settings();
  return { plan, feed, reads, commits, births, clockSettings, state: mirror.open().readPollState() };
};
