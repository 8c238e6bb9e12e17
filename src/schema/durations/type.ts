import { type DurationKey, rawValue, readAgents, readReasons } from '../../mirror/index.ts';
import { batched } from '../batch.ts';
import { builder } from '../builder.ts';
import type { GatewayContext } from '../context.ts';
import { AgentState, Allocation, Direction, Presence } from '../enums/coded.ts';
import { clientError } from '../errors.ts';
import { Agent, Reason } from '../refs.ts';
import type { DurationBucket } from './buckets.ts';

const key = (bucket: DurationBucket, name: DurationKey): number | null => bucket.keys.get(name) ?? null;

const reasonOf = (bucket: DurationBucket, name: 'REASON' | 'REASON_LIST', { tenant }: GatewayContext) => {
  const id = key(bucket, name);
  const reasons = batched(bucket, name, (buckets) =>
    readReasons(
      tenant.mirror,
      buckets.map((one) => key(one, name)).filter((one) => one !== null),
    ),
  );
  return id === null ? null : (reasons.get(id) ?? null);
};

const rawKey =
  (name: DurationKey, attribute: 'state' | 'presence' | 'direction' | 'allocation') =>
  (bucket: DurationBucket, _args: object, { tenant }: GatewayContext): string | null => {
    const code = key(bucket, name);
    return code === null ? null : rawValue(tenant.mirror, attribute, code);
  };

const seconds = (ms: number) => ms / 1000;

export const StateDurationBucket = builder.objectRef<DurationBucket>('StateDurationBucket').implement({
  description:
    'What one group did in one stretch of time; keys that were not asked for in `groupBy` are null. Or, where it is `unknown`, that nobody knows what was done in it.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'First instant of the bucket.',
      resolve: (row) => row.fromMs,
    }),
    to: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'First instant past the bucket.',
      resolve: (row) => row.toMs,
    }),
    utcOffsetSeconds: t.int({
      nullable: false,
      description:
        "The zone's offset from UTC in the bucket, seconds: tells a repeated hour's two buckets apart.",
      resolve: (row) => row.offsetMs / 1000,
    }),
    agent: t.field({
      type: Agent,
      description: 'The agent; null unless grouped by AGENT.',
      resolve: (row, _args, { tenant }) => {
        const id = key(row, 'AGENT');
        const agents = batched(row, 'agent', (rows) =>
          readAgents(
            tenant.mirror,
            rows.map((one) => key(one, 'AGENT')).filter((one) => one !== null),
          ),
        );
        return id === null ? null : agents.get(id);
      },
    }),
    state: t.field({
      type: AgentState.ref,
      description: 'The state; null unless grouped by STATE, or when upstream did not say.',
      resolve: (row) => AgentState.nameOf(key(row, 'STATE')),
    }),
    stateRaw: t.string({
      description: "`state` in upstream's own word; null where `state` is.",
      resolve: rawKey('STATE', 'state'),
    }),
    presence: t.field({
      type: Presence.ref,
      description: 'The presence; null unless grouped by PRESENCE, or when upstream did not say.',
      resolve: (row) => Presence.nameOf(key(row, 'PRESENCE')),
    }),
    presenceRaw: t.string({
      description: "`presence` in upstream's own word; null where `presence` is.",
      resolve: rawKey('PRESENCE', 'presence'),
    }),
    direction: t.field({
      type: Direction.ref,
      description: 'The direction; null unless grouped by DIRECTION, or when upstream did not say.',
      resolve: (row) => Direction.nameOf(key(row, 'DIRECTION')),
    }),
    directionRaw: t.string({
      description: "`direction` in upstream's own word; null where `direction` is.",
      resolve: rawKey('DIRECTION', 'direction'),
    }),
    allocation: t.field({
      type: Allocation.ref,
      description: 'The allocation; null unless grouped by ALLOCATION, or when upstream did not say.',
      resolve: (row) => Allocation.nameOf(key(row, 'ALLOCATION')),
    }),
    allocationRaw: t.string({
      description: "`allocation` in upstream's own word; null where `allocation` is.",
      resolve: rawKey('ALLOCATION', 'allocation'),
    }),
    reason: t.field({
      type: Reason,
      description:
        'The reason; null unless grouped by REASON, or when none was given. One that was renamed counts under its first name.',
      resolve: (row, _args, context) => reasonOf(row, 'REASON', context),
    }),
    reasonListId: t.string({
      description: 'The reason list; null unless grouped by REASON_LIST, or when none was given.',
      resolve: (row, _args, context) => reasonOf(row, 'REASON_LIST', context)?.reasonListId || null,
    }),
    reasonListName: t.string({
      description: 'Name of the reason list; null unless grouped by REASON_LIST, or when none was given.',
      resolve: (row, _args, context) => reasonOf(row, 'REASON_LIST', context)?.listName || null,
    }),
    durationMs: t.float({
      nullable: false,
      description: 'Time inside the bucket, exact milliseconds.',
      resolve: (row) => row.ms,
    }),
    durationSeconds: t.float({
      nullable: false,
      description: 'Time inside the bucket, seconds.',
      resolve: (row) => seconds(row.ms),
    }),
    events: t.int({
      nullable: false,
      description: 'Events with a moment in the bucket.',
      resolve: (row) => row.events,
    }),
    began: t.int({
      nullable: false,
      description: 'Events that began in the bucket.',
      resolve: (row) => row.began,
    }),
    averageDurationSeconds: t.float({
      description:
        'Mean whole length, in seconds, of the ended events that began in the bucket; null when there is none.',
      resolve: ({ samplesMs }) =>
        samplesMs.length === 0
          ? null
          : seconds(samplesMs.reduce((sum, ms) => sum + ms, 0) / samplesMs.length),
    }),
    percentileDurationSeconds: t.float({
      description:
        'Whole length, in seconds, that this share of the ended events that began in the bucket does not exceed (nearest rank); null when there is none.',
      args: {
        percentile: t.arg.float({ required: true, description: 'More than 0, up to 100; 50 is the median.' }),
      },
      resolve: ({ samplesMs }, { percentile }) => {
        if (!(percentile > 0 && percentile <= 100)) {
          throw clientError('BAD_USER_INPUT', '`percentile` must be more than 0 and at most 100.', {
            argument: 'percentile',
          });
        }
        const sample = samplesMs[Math.ceil((percentile / 100) * samplesMs.length) - 1];
        return sample === undefined ? null : seconds(sample);
      },
    }),
    coverage: t.float({
      nullable: false,
      description:
        'Share of the bucket that has been read after the settle time, 0 to 1: below 1 the sums may grow.',
      resolve: (row) => row.coverage,
    }),
    unknown: t.boolean({
      nullable: false,
      description:
        'Whether nothing was found in the bucket though not all of it is known (`coverage` says how much is): all keys are then null and all sums 0, of no group. That nobody was in any state would be another thing.',
      resolve: (row) => row.unknown,
    }),
    partial: t.boolean({
      nullable: false,
      description:
        'Whether the bucket reaches past `mirror.completeThrough`: it is not over, or not complete.',
      resolve: (row) => row.partial,
    }),
  }),
});
