import {
  type DriftRow,
  healthOf,
  lagSecondsOf,
  type MirrorCounts,
  MOST_BREAKS_LISTED,
  oldestChange,
  oldestEventMs,
  readCounts,
  readDrift,
  readGaps,
  readQuarantine,
  type Standing,
  upstreamNowMs,
} from '../../mirror/index.ts';
import type { PollerStatus } from '../../poller/index.ts';
import { builder } from '../builder.ts';
import { CoverageSliceType } from '../coverage/type.ts';
import { headCursor } from '../cursors/streamCursor.ts';
import { Quarantine } from './quarantine.ts';

export const HealthEnum = builder.enumType('Health', {
  description: 'How the feed is doing.',
  values: {
    STARTING: { description: 'Nothing has been read yet.' },
    OK: { description: 'The feed is read and fresh.' },
    DEGRADED: { description: 'Upstream has faults, or the mirror lags; it is being retried.' },
    AUTH_FAILED: { description: 'Upstream refuses the credentials.' },
    UNREACHABLE: { description: 'Upstream has not answered for a while.' },
    CLOCK_STEP: {
      description: "The server's clock and ours moved apart suddenly; the offset is measured anew.",
    },
    DISK_FULL: { description: 'The mirror cannot be written.' },
    STOPPED: { description: 'The poller does not run.' },
  },
});

const ClockOffset = builder.objectRef<{ lowMs: number; highMs: number }>('ClockOffset').implement({
  description: "Upstream's clock minus this machine's, as an interval that Date headers narrow.",
  fields: (t) => ({
    lowMs: t.exposeFloat('lowMs', { nullable: false, description: 'At least so many milliseconds.' }),
    highMs: t.exposeFloat('highMs', { nullable: false, description: 'At most so many milliseconds.' }),
  }),
});

const LastPoll = builder.objectRef<NonNullable<PollerStatus['lastPoll']>>('LastPoll').implement({
  description: 'The last request of the poller.',
  fields: (t) => ({
    at: t.field({
      type: 'DateTime',
      nullable: false,
      description: "When, by upstream's clock.",
      resolve: (poll) => poll.atMs,
    }),
    outcome: t.exposeString('outcome', { nullable: false, description: 'OK, or the code of the failure.' }),
    records: t.exposeInt('records', { nullable: false, description: 'Records in the answer.' }),
    requests: t.exposeInt('requests', { nullable: false, description: 'HTTP requests that it took.' }),
  }),
});

const Backfill = builder.objectRef<NonNullable<PollerStatus['backfill']>>('Backfill').implement({
  description: 'How far the past has been filled.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Begin of what is filled.',
      resolve: (one) => one.fromMs,
    }),
    to: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'End of what is filled.',
      resolve: (one) => one.toMs,
    }),
    doneSeconds: t.float({
      nullable: false,
      description: 'Seconds of it that are read.',
      resolve: (one) => one.doneMs / 1000,
    }),
    totalSeconds: t.float({
      nullable: false,
      description: 'Seconds of it in all.',
      resolve: (one) => one.totalMs / 1000,
    }),
    complete: t.exposeBoolean('complete', { nullable: false, description: 'Whether all of it is read.' }),
  }),
});

const Counts = builder.objectRef<MirrorCounts>('MirrorCounts').implement({
  description: 'How much the mirror holds, exactly.',
  fields: (t) => ({
    agents: t.exposeInt('agents', { nullable: false, description: 'Agents with events.' }),
    sessions: t.exposeInt('sessions', { nullable: false, description: 'Sessions.' }),
    events: t.exposeInt('events', { nullable: false, description: 'Events.' }),
    transfers: t.exposeInt('transfers', { nullable: false, description: 'Transfers.' }),
    changes: t.exposeInt('changes', {
      nullable: false,
      description: 'Changes that streams can still resume over.',
    }),
  }),
});

const Drift = builder.objectRef<DriftRow>('SchemaDrift').implement({
  description: 'A value or attribute of upstream that this version does not know.',
  fields: (t) => ({
    attribute: t.exposeString('attribute', {
      nullable: false,
      description:
        'The attribute whose value it is; `attribute` when the attribute itself is unknown or mistyped.',
    }),
    raw: t.exposeString('raw', { nullable: false, description: "The value, or the attribute's name." }),
    firstSeen: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was first read.',
      resolve: (row) => row.firstSeenMs,
    }),
    lastSeen: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was last read.',
      resolve: (row) => row.lastSeenMs,
    }),
    count: t.exposeInt('count', { nullable: false, description: 'How often.' }),
  }),
});

const Retention = builder
  .objectRef<{ oldestEventMs: number | null; oldestChange: number | null }>('MirrorRetention')
  .implement({
    description: 'How far back the mirror reaches.',
    fields: (t) => ({
      oldestEvent: t.field({
        type: 'DateTime',
        description: 'Start of the oldest event held; null when there is none.',
        resolve: (row) => row.oldestEventMs,
      }),
      oldestChange: t.int({
        description: 'Number of the oldest change that a stream can resume behind; null when there is none.',
        resolve: (row) => row.oldestChange,
      }),
    }),
  });

export const Mirror = builder.objectRef<Standing>('Mirror').implement({
  description: 'What answers rest on: how far the feed has been read, what is missing, and how it is doing.',
  fields: (t) => ({
    tenantId: t.field({
      type: 'UUID',
      nullable: false,
      description: 'The tenant that is mirrored.',
      resolve: (_row, _args, context) => context.tenant.tenantId,
    }),
    streamCursor: t.field({
      type: 'Cursor',
      nullable: false,
      description: 'Head of the change log: a subscription `after` it continues with the very next change.',
      resolve: (_row, _args, context) => headCursor(context.tenant.mirror),
    }),
    now: t.field({
      type: 'DateTime',
      nullable: false,
      description:
        "Now by upstream's clock, as far as it is known: what `at` and `durationSeconds` of statuses and `lagSeconds` go by, and what a board counts up with.",
      resolve: (row, _args, context) => upstreamNowMs(row, context.clock),
    }),
    freshThrough: t.field({
      type: 'DateTime',
      description:
        'End of the youngest stretch that is settled, what a stale banner goes by; null before the first.',
      resolve: (row) => row.freshThroughMs,
    }),
    completeThrough: t.field({
      type: 'DateTime',
      description:
        'The latest instant with nothing unsettled or still fillable before it, what history goes by. Gaps that are lost for ever do not hold it back. Null while the very beginning is missing.',
      resolve: (row) => row.completeThroughMs,
    }),
    lagSeconds: t.float({
      description: "Seconds from `freshThrough` to now by upstream's clock; null before the first coverage.",
      resolve: (row, _args, context) => lagSecondsOf(row, context.clock),
    }),
    health: t.field({
      type: HealthEnum,
      nullable: false,
      description: 'How the feed is doing.',
      resolve: (row, _args, context) => healthOf(row, context.clock),
    }),
    healthMessage: t.string({
      description: 'What is wrong and what to do, for people; null when all is well.',
      resolve: (row) => row.status?.healthMessage ?? null,
    }),
    clockOffset: t.field({
      type: ClockOffset,
      description: "Upstream's clock minus this machine's; null before the first Date header.",
      resolve: (row) => row.status?.clockOffset ?? null,
    }),
    lastPoll: t.field({
      type: LastPoll,
      description: 'The last request; null before the first.',
      resolve: (row) => row.status?.lastPoll ?? null,
    }),
    backfill: t.field({
      type: Backfill,
      description: 'Filling of the past; null before it began.',
      resolve: (row) => row.status?.backfill ?? null,
    }),
    gaps: t.field({
      type: [CoverageSliceType],
      nullable: { list: false, items: false },
      description: `Every stretch that is missing since the mirror began, oldest first; of CHAIN_BREAK the newest ${MOST_BREAKS_LISTED.toLocaleString('en')}, of which \`coverage\` tells all in a range.`,
      resolve: (_row, _args, context) => readGaps(context.tenant.mirror),
    }),
    counts: t.field({
      type: Counts,
      nullable: false,
      description: 'How much it holds.',
      resolve: (_row, _args, context) => readCounts(context.tenant.mirror),
    }),
    schemaDrift: t.field({
      type: [Drift],
      nullable: { list: false, items: false },
      description: 'What upstream sends that this version does not know, newest first, 1,000 at most.',
      resolve: (_row, _args, context) => readDrift(context.tenant.mirror),
    }),
    quarantined: t.field({
      type: Quarantine,
      nullable: false,
      description: 'Rows that could not become records.',
      resolve: (_row, _args, context) => readQuarantine(context.tenant.mirror, 50),
    }),
    retention: t.field({
      type: Retention,
      nullable: false,
      description: 'How far back it reaches.',
      resolve: (_row, _args, { tenant: { mirror } }) => ({
        oldestEventMs: oldestEventMs(mirror),
        oldestChange: oldestChange(mirror),
      }),
    }),
  }),
});
