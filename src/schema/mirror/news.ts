import { healthOf, type MirrorReader, readStanding, type Standing } from '../../mirror/index.ts';
import type { GatewayContext } from '../context.ts';
import { headCursor } from '../cursors/streamCursor.ts';
import { clientError } from '../errors.ts';
import { asSource, type SteppedStream } from '../stepped.ts';

/** What the feed rested on when something of it was new. */
export type MirrorNews = Standing & { cursor: string };

/** Counted, so that a stream is a number here too: of the last news that it was told. */
type Told = { number: number; madeMs: number; what: string; news: MirrorNews };

/** The same for all who follow: looked for once, executed once an operation. */
const lastTold = new WeakMap<MirrorReader, Told>();

/**
 * While the past is filled there are many commits a second, and people need no more than this. Less than LOOK_MS, as what
 * is held back is told at the next look: commits a second apart are told one by one.
 */
const NEWS_MS = 500;

const newsNow = ({ tenant }: GatewayContext): MirrorNews => ({
  ...readStanding(tenant),
  cursor: headCursor(tenant.mirror),
});

const lookForNews = (context: GatewayContext): Told => {
  const { mirror } = context.tenant;
  const news = newsNow(context);
  const { freshThroughMs, completeThroughMs, status } = news;
  const what = JSON.stringify([
    freshThroughMs,
    completeThroughMs,
    // By the clock too: a feed that stands still is late without a commit.
    healthOf(news, context.clock),
    status?.healthMessage,
    status?.backfill,
  ]);
  const last = lastTold.get(mirror);
  if (last?.what === what) return last;
  const told = { number: (last?.number ?? 0) + 1, madeMs: context.clock.monotonicMs(), what, news };
  lastTold.set(mirror, told);
  return told;
};

/** How the feed is doing: now, and whenever that is another than it was. */
export const followNews = (context: GatewayContext): SteppedStream<MirrorNews> => {
  const { tenant, clock } = context;
  return asSource({
    open() {
      const { number, news } = lookForNews(context);
      return { opening: [news], seq: number };
    },
    step(afterNumber) {
      if (tenant.draining.aborted) {
        throw clientError('SERVER_DRAINING', 'The server is stopping. Reconnect.', {
          cursor: headCursor(tenant.mirror),
        });
      }
      const last = lastTold.get(tenant.mirror);
      const isRecent = last !== undefined && clock.monotonicMs() - last.madeMs < NEWS_MS;
      const { number, news } = isRecent ? last : lookForNews(context);
      return { event: number > afterNumber ? news : null, seq: number, more: false };
    },
    heartbeat: () => newsNow(context),
  });
};
