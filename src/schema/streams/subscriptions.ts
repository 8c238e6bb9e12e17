import type { ArgBuilder } from '@pothos/core';
import {
  type ChangeTopic,
  type Condition,
  readCurrentStatuses,
  readStanding,
  upstreamNowMs,
} from '../../mirror/index.ts';
import { type BuilderTypes, builder } from '../builder.ts';
import { filterArgument } from '../connection/field.ts';
import type { GatewayContext } from '../context.ts';
import { encodeSnapshotCursor, encodeStreamCursor } from '../cursors/streamCursor.ts';
import { clientError } from '../errors.ts';
import { EventFilter } from '../event/filter.ts';
import { compileFilter, type FilterTime } from '../filter/filter.ts';
import { AgentStatusFilter } from '../filter/status.ts';
import { nowMsOf } from '../now.ts';
import { type Knowledge, knowledgeOf } from '../status/row.ts';
import type { Steps } from '../stepped.ts';
import { TransferFilter } from '../transfer/filter.ts';
import { translateEvents } from './eventChanges.ts';
import { checkFollowable } from './followable.ts';
import { shareFacts, shareSnapshot } from './shared.ts';
import { createSnapshot } from './snapshot.ts';
import {
  type Batch,
  followChanges,
  pullChanges,
  type StreamParts,
  startAfter,
  type Translate,
} from './source.ts';
import { type StateChangeRow, translateStates } from './stateChanges.ts';
import { translateTransfers } from './transferChanges.ts';
import { EventChangeBatch, StateChangeBatch, TransferChangeBatch } from './types.ts';

const MAX_BATCH = 1_000;
/** Of a pull that finds nothing: some tens of milliseconds of work. */
const PULL_SCANS = 5;

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
  clock: context.clock,
  batchSize,
  shareKey: `${topic}|${batchSize}|${JSON.stringify(condition)}`,
  draining: context.tenant.draining,
});

/** Of no instant: what a stream tells of is told whenever it comes to be. */
const timeOf = (context: GatewayContext): FilterTime => ({ nowMs: () => nowMsOf(context), atMs: null });

/** The position that a stream of `topic` starts behind: the cursor's, or now. */
const startOf = ({ tenant: { mirror } }: GatewayContext, after: string | null | undefined): number => {
  if (after === null || after === undefined) return mirror.headSeq();
  const { seq, unfinished } = startAfter(mirror, after);
  if (unfinished) {
    throw clientError(
      'CURSOR_MISMATCH',
      '`after` stands inside a snapshot that was not received whole: only the subscription stateChanges can go on from it, by starting the snapshot anew.',
      { argument: 'after' },
    );
  }
  return seq;
};

/** How sure current statuses are, as of this synchronous stretch. */
const knowledgeNow = ({ tenant, clock }: GatewayContext): { nowMs: number; knowledge: Knowledge } => {
  const standing = readStanding(tenant);
  const nowMs = upstreamNowMs(standing, clock);
  return { nowMs, knowledge: knowledgeOf(standing, { kind: 'NOW', atMs: nowMs, nowMs }) };
};

/** What stands now, as the opening of a stream of what comes. */
const openWithSnapshot =
  (
    context: GatewayContext,
    parts: StreamParts<StateChangeRow>,
    condition: Condition,
  ): Steps<Batch<StateChangeRow>>['open'] =>
  () => {
    const { mirror } = context.tenant;
    // Rows and head in one synchronous stretch, so of one commit: what follows the head is all that follows the rows.
    const seq = mirror.headSeq();
    const snapshot = shareSnapshot(mirror, context.clock, parts.shareKey, () =>
      createSnapshot({
        ...knowledgeNow(context),
        facts: shareFacts(mirror, readCurrentStatuses(mirror, condition)),
        batchSize: parts.batchSize,
        cursors: { inside: encodeSnapshotCursor(mirror, seq), behind: encodeStreamCursor(mirror, seq) },
      }),
    );
    return { opening: snapshot.batches(), seq };
  };

const openAt = (seq: number) => () => ({ opening: null, seq });

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
      const { mirror } = context.tenant;
      const condition = compileFilter(AgentStatusFilter, args.filter, timeOf(context));
      checkFollowable(condition);
      const translate = translateStates(condition, () => knowledgeNow(context).knowledge);
      const batchSize = checkBatch(args.batchSize ?? 100, 'batchSize');
      const parts = partsOf(context, 'STATUS', condition, batchSize, translate);
      if (args.snapshot && args.after) {
        throw clientError(
          'BAD_USER_INPUT',
          'Give `after` to resume, or `snapshot` to start anew, not both.',
          {
            argument: 'snapshot',
          },
        );
      }
      const position = args.after
        ? startAfter(mirror, args.after)
        : { seq: mirror.headSeq(), unfinished: args.snapshot === true };
      return followChanges(
        parts,
        position.unfinished ? openWithSnapshot(context, parts, condition) : openAt(position.seq),
      );
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
      const condition = compileFilter(EventFilter, args.filter, timeOf(context));
      const batchSize = checkBatch(args.batchSize ?? 100, 'batchSize');
      const parts = partsOf(context, 'EVENT', condition, batchSize, translateEvents(condition));
      return followChanges(parts, openAt(startOf(context, args.after)));
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
      const condition = compileFilter(TransferFilter, args.filter, timeOf(context));
      const batchSize = checkBatch(args.batchSize ?? 100, 'batchSize');
      const parts = partsOf(context, 'TRANSFER', condition, batchSize, translateTransfers(condition));
      return followChanges(parts, openAt(startOf(context, args.after)));
    },
    resolve: (batch) => batch,
  }),
);

builder.queryField('stateChanges', (t) =>
  t.field({
    type: StateChangeBatch,
    nullable: false,
    description:
      'The pull twin of the subscription: the changes after a cursor, and the cursor behind them. LIVE while there may be more, though a filter may leave a batch of it empty; HEARTBEAT, and no changes, at the head.',
    args: {
      after: t.arg({ type: 'Cursor', required: true, description: 'Position that the changes follow.' }),
      first: t.arg.int({ description: 'Changes at most, 1 to 1,000; 100 when left out.' }),
      filter: filterArgument(t.arg, AgentStatusFilter),
    },
    resolve: (_root, args, context): Batch<StateChangeRow> => {
      const { mirror } = context.tenant;
      const condition = compileFilter(AgentStatusFilter, args.filter, timeOf(context));
      checkFollowable(condition);
      const first = checkBatch(args.first ?? 100, 'first');
      const translate = translateStates(condition, () => knowledgeNow(context).knowledge);
      const parts = { mirror, topic: 'STATUS' as const, translate };
      let pulled = pullChanges(parts, startOf(context, args.after), first);
      for (let scans = 1; pulled.changes.length === 0 && pulled.more && scans < PULL_SCANS; scans++) {
        pulled = pullChanges(parts, pulled.seq, first);
      }
      const { changes, seq, more } = pulled;
      return {
        phase: changes.length > 0 || more ? 'LIVE' : 'HEARTBEAT',
        cursor: encodeStreamCursor(mirror, seq),
        changes,
      };
    },
  }),
);
