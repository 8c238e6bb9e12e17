import type { ArgBuilder } from '@pothos/core';
import type { ChangeTopic, Condition } from '../../mirror/index.ts';
import { type BuilderTypes, builder } from '../builder.ts';
import { filterArgument } from '../connection/field.ts';
import type { GatewayContext } from '../context.ts';
import { hashCondition } from '../cursors/pageCursor.ts';
import { encodeStreamCursor, headCursor } from '../cursors/streamCursor.ts';
import { clientError } from '../errors.ts';
import { EventFilter } from '../event/filter.ts';
import { compileFilter } from '../filter/filter.ts';
import { AgentStatusFilter } from '../filter/status.ts';
import { readStanding, type Standing } from '../mirror/standing.ts';
import { Mirror } from '../mirror/type.ts';
import { TransferFilter } from '../transfer/filter.ts';
import { translateEvents, translateTransfers } from './eventChanges.ts';
import {
  type Batch,
  followChanges,
  HEARTBEAT_MS,
  pullChanges,
  type StreamParts,
  startAfter,
  type Translate,
} from './source.ts';
import { type StateChangeRow, snapshotStates, translateStates } from './stateChanges.ts';
import { EventChangeBatch, StateChangeBatch, TransferChangeBatch } from './types.ts';

const MAX_BATCH = 1_000;

const checkBatch = (size: number, argument: string): number => {
  if (size > MAX_BATCH) {
    throw clientError(
      'PAGE_SIZE_OVER_LIMIT',
      `\`${argument}\` is ${size}; a batch holds ${MAX_BATCH} changes at most.`,
      {
        argument,
        limit: MAX_BATCH,
      },
    );
  }
  if (size < 1) throw clientError('BAD_USER_INPUT', `\`${argument}\` must be at least 1.`, { argument });
  return size;
};

const partsOf = <Change>(
  context: GatewayContext,
  topic: ChangeTopic,
  condition: Condition,
  batchSize: number,
  translate: Translate<Change>,
): StreamParts<Change> => ({
  topic,
  translate,
  mirror: context.tenant.mirror,
  doorbell: context.tenant.doorbell,
  clock: context.clock,
  batchSize,
  shareKey: `${topic}|${JSON.stringify(hashCondition(condition))}`,
  signal: context.signal,
  draining: context.tenant.draining,
});

/** The position that a stream starts behind: the cursor's, or now. */
const startOf = ({ tenant: { mirror } }: GatewayContext, after: string | null | undefined): number =>
  after === null || after === undefined ? mirror.headSeq() : startAfter(mirror, after);

async function* snapshotThenChanges(
  context: GatewayContext,
  parts: StreamParts<StateChangeRow>,
  condition: Condition,
): AsyncGenerator<Batch<StateChangeRow>> {
  const { mirror } = context.tenant;
  // Rows and head in one synchronous stretch, so of one commit: what follows the head is all that follows the rows.
  const rows = snapshotStates(mirror, condition, context.clock.nowMs());
  const seq = mirror.headSeq();
  const cursor = encodeStreamCursor(mirror, seq);
  for (let from = 0; from < rows.length; from += parts.batchSize) {
    yield { phase: 'SNAPSHOT', cursor, changes: rows.slice(from, from + parts.batchSize) };
  }
  yield { phase: 'SNAPSHOT_END', cursor, changes: [] };
  yield* followChanges(parts, seq);
}

type Arg = ArgBuilder<BuilderTypes>;
const streamArguments = (arg: Arg) => ({
  after: arg({
    type: 'Cursor',
    description:
      'Start with the very next change after this position; with the next change from now on when left out.',
  }),
  batchSize: arg.int({
    defaultValue: 100,
    description: 'Changes a batch at most, 1 to 1,000.',
  }),
});

builder.subscriptionField('stateChanges', (t) =>
  t.field({
    type: StateChangeBatch,
    nullable: false,
    description:
      "Every change of agents' current statuses, once and in order. A late record that changes only the past is not among them: see eventChanges. At least every 15 s a batch comes, a HEARTBEAT if nothing changed.",
    args: {
      filter: filterArgument(t.arg, AgentStatusFilter),
      ...streamArguments(t.arg),
      snapshot: t.arg.boolean({
        defaultValue: false,
        description:
          'Send first what stands now, and then its changes, without a seam. Not together with `after`.',
      }),
    },
    subscribe: (_root, args, context) => {
      const condition = compileFilter(AgentStatusFilter, args.filter);
      const translate = translateStates(condition, context.clock.nowMs);
      const parts = partsOf(
        context,
        'STATUS',
        condition,
        checkBatch(args.batchSize ?? 100, 'batchSize'),
        translate,
      );
      if (!args.snapshot) return followChanges(parts, startOf(context, args.after));
      if (args.after) {
        throw clientError(
          'BAD_USER_INPUT',
          'Give `after` to resume, or `snapshot` to start anew, not both.',
          {
            argument: 'snapshot',
          },
        );
      }
      return snapshotThenChanges(context, parts, condition);
    },
    resolve: (batch) => batch,
  }),
);

builder.subscriptionField('eventChanges', (t) =>
  t.field({
    type: EventChangeBatch,
    nullable: false,
    description:
      'Every new version of an event, once and in order, also of the past: late records, revisions, ends.',
    args: { filter: filterArgument(t.arg, EventFilter), ...streamArguments(t.arg) },
    subscribe: (_root, args, context) => {
      const condition = compileFilter(EventFilter, args.filter);
      const batchSize = checkBatch(args.batchSize ?? 100, 'batchSize');
      const parts = partsOf(context, 'EVENT', condition, batchSize, translateEvents(condition));
      return followChanges(parts, startOf(context, args.after));
    },
    resolve: (batch) => batch,
  }),
);

builder.subscriptionField('transferChanges', (t) =>
  t.field({
    type: TransferChangeBatch,
    nullable: false,
    description: 'Every new version of a transfer, once and in order.',
    args: { filter: filterArgument(t.arg, TransferFilter), ...streamArguments(t.arg) },
    subscribe: (_root, args, context) => {
      const condition = compileFilter(TransferFilter, args.filter);
      const batchSize = checkBatch(args.batchSize ?? 100, 'batchSize');
      const parts = partsOf(context, 'TRANSFER', condition, batchSize, translateTransfers(condition));
      return followChanges(parts, startOf(context, args.after));
    },
    resolve: (batch) => batch,
  }),
);

type MirrorNews = Standing & { cursor: string };

async function* followMirror(context: GatewayContext): AsyncGenerator<MirrorNews> {
  const { tenant, clock, signal: gone } = context;
  const signal = gone ? AbortSignal.any([gone, tenant.draining]) : tenant.draining;
  let last = '';
  let saidMs = Number.NEGATIVE_INFINITY;
  while (!gone?.aborted) {
    if (tenant.draining.aborted) {
      throw clientError('SERVER_DRAINING', 'The server is stopping. Reconnect.', {
        cursor: headCursor(tenant.mirror),
      });
    }
    const standing = readStanding(tenant);
    const { freshThroughMs, completeThroughMs, status } = standing;
    const news = JSON.stringify([freshThroughMs, completeThroughMs, status?.health, status?.backfill]);
    if (news !== last || clock.monotonicMs() - saidMs >= HEARTBEAT_MS) {
      last = news;
      saidMs = clock.monotonicMs();
      yield { ...standing, cursor: headCursor(tenant.mirror) };
    }
    // A commit a second is news enough for people.
    await clock.sleep(250, signal);
    await tenant.doorbell.wait(1_000, signal);
  }
}

builder.subscriptionField('mirror', (t) =>
  t.field({
    type: Mirror,
    nullable: false,
    description: 'How far the feed has been read and how it is doing, now and at each change.',
    subscribe: (_root, _args, context) => followMirror(context),
    resolve: (news) => news,
  }),
);

builder.queryField('stateChanges', (t) =>
  t.field({
    type: StateChangeBatch,
    nullable: false,
    description:
      'The pull twin of the subscription: the changes after a cursor, and the cursor behind them. HEARTBEAT when there is none.',
    args: {
      after: t.arg({ type: 'Cursor', required: true, description: 'Position that the changes follow.' }),
      first: t.arg.int({ description: 'Changes at most, 1 to 1,000; 100 when left out.' }),
      filter: filterArgument(t.arg, AgentStatusFilter),
    },
    resolve: (_root, args, context): Batch<StateChangeRow> => {
      const { mirror } = context.tenant;
      const condition = compileFilter(AgentStatusFilter, args.filter);
      const first = checkBatch(args.first ?? 100, 'first');
      const parts = {
        mirror,
        topic: 'STATUS' as const,
        translate: translateStates(condition, context.clock.nowMs),
      };
      const { changes, seq } = pullChanges(parts, startAfter(mirror, args.after), first);
      return {
        phase: changes.length > 0 ? 'LIVE' : 'HEARTBEAT',
        cursor: encodeStreamCursor(mirror, seq),
        changes,
      };
    },
  }),
);
