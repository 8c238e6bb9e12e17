import { createManualClock } from '../../src/clock/manualClock.ts';
import {
  createMemoryLog,
  createPoller,
  defaultPollerSettings,
  type FrameLog,
  type PollerSettings,
} from '../../src/poller/index.ts';
import { createClockOffset } from '../../src/upstream/index.ts';
import { type Asked, createScriptedUpstream, type Script } from './scriptedUpstream.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** What both clocks show when a scene begins. */
export const BEGIN_MS = Date.UTC(2026, 5, 1, 12);

export type SceneOptions = {
  script?: Partial<Script>;
  settings?: Partial<PollerSettings>;
  /** Local wall clock minus the server's. */
  wallErrorMs?: number;
  /** Stands between the poller and the log. */
  wrapLog?: (log: FrameLog) => FrameLog;
};

/** A poller against scripted upstream on a clock that is moved by hand. */
export const createScene = (options: SceneOptions = {}) => {
  const clock = createManualClock(BEGIN_MS + (options.wallErrorMs ?? 0));
  const server = createScriptedUpstream(clock, { serverOffsetMs: BEGIN_MS, ...options.script });
  const log = createMemoryLog();
  const settings = { ...defaultPollerSettings, backfillMs: 2 * HOUR_MS, ...options.settings };

  const create = () =>
    createPoller({
      upstream: server.upstream,
      log: options.wrapLog?.(log) ?? log,
      state: log,
      clock,
      settings,
      offset: createClockOffset(),
      random: () => 0.5,
    });

  return {
    clock,
    server,
    log,
    create,
    coverage: () => log.readPollState().coverage,
    start() {
      const stop = new AbortController();
      const poller = create();
      const running = poller.run(stop.signal);
      return {
        poller,
        /** Takes as long as the read in flight does. */
        async stop() {
          let hasEnded = false;
          void running.then(() => {
            hasEnded = true;
          });
          stop.abort();
          await clock.advance(0);
          while (!hasEnded) await clock.advance(10);
          await running;
        },
      };
    },
  };
};

/** A request that upstream accepts and that asks for nothing in the future. */
export const isLegal = ({ fromMs, toMs, serverNowMs }: Asked): boolean =>
  toMs <= serverNowMs &&
  toMs - fromMs <= defaultPollerSettings.maxWindowMs &&
  fromMs >= serverNowMs - defaultPollerSettings.retentionReachMs;
