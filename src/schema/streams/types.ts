import {
  type EventRow,
  healthOf,
  readStanding,
  type Standing,
  type TransferRow,
} from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import type { GatewayContext } from '../context.ts';
import { HealthEnum } from '../mirror/type.ts';
import { Agent, Event, Transfer } from '../refs.ts';
import { agentOf, eventOf } from '../relations.ts';
import { AgentStatus } from '../status/type.ts';
import type { ContentChange } from './contentChanges.ts';
import type { Batch } from './source.ts';
import type { StateChangeRow } from './stateChanges.ts';

const StreamPhase = builder.enumType('StreamPhase', {
  description: 'What a batch of a stream is.',
  values: {
    SNAPSHOT: { description: 'Part of what stands now; more of it follows.' },
    SNAPSHOT_END: {
      description: 'The snapshot is whole; from its cursor on, changes follow without a seam.',
    },
    LIVE: { description: 'Changes, in the order in which they became known.' },
    HEARTBEAT: { description: 'Nothing changed; the cursor and the watermarks have moved on.' },
  },
});

const StateChangeKind = builder.enumType('StateChangeKind', {
  description: 'What happened to an agent, as seen through the filter.',
  values: {
    ENTERED: {
      description:
        'Satisfies the filter now, and did not before. Where the filter speaks of the agent or the session, such as a name or a login, and that is told otherwise than before, it comes for an agent that may have been in: put it on the board, whether it is there or not.',
    },
    CHANGED: { description: 'Satisfied the filter before and after; another event stands.' },
    REVISED: {
      description:
        'Satisfied the filter before and after; what is known of the same event, or of its agent or session, changed: an end, a name, a login.',
    },
    LEFT: {
      description:
        'Does not satisfy the filter any more: take it off the board. Where the filter speaks of the agent or the session, such as a name or a login, it may come for an agent that was not on it.',
    },
  },
});

const ContentChangeKind = builder.enumType('ChangeKind', {
  description: 'What happened to an event or a transfer.',
  values: {
    NEW: { description: 'Seen for the first time.' },
    REVISED: { description: 'Something of it changed.' },
    CLOSED: { description: 'It has an end now, and had none before.' },
  },
});

const StateChange = builder.objectRef<StateChangeRow>('StateChange').implement({
  description: "A change of an agent's current status.",
  fields: (t) => ({
    kind: t.field({
      type: StateChangeKind,
      nullable: false,
      description: 'What happened.',
      resolve: (change) => change.kind,
    }),
    agent: t.field({
      type: Agent,
      nullable: false,
      description: 'Whose status changed.',
      // Whoever has a status is a row of agent, and agents are never removed.
      resolve: (change, _args, context) =>
        agentOf(change, 'agent', context.tenant.mirror, (one) => one.agent)!,
    }),
    before: t.field({
      type: AgentStatus,
      description: 'The status before; null when there was none, and in snapshots.',
      resolve: (change) => change.before,
    }),
    after: t.field({
      type: AgentStatus,
      description: 'The status since: also that of an agent who left the filter.',
      resolve: (change) => change.after,
    }),
    event: t.field({
      type: Event,
      description: 'The event that brought it about, as it is now; null when it is past its retention.',
      resolve: (change, _args, context) =>
        eventOf(change, 'event', context.tenant.mirror, (one) => (one.after ?? one.before)?.event ?? null),
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: "When it was read, by upstream's clock.",
      resolve: (change) => change.observedMs,
    }),
  }),
});

const contentChange = <Row extends EventRow | TransferRow>(name: string) =>
  builder.objectRef<ContentChange<Row>>(name);

const EventChange = contentChange<EventRow>('EventChange').implement({
  description: 'A new version of an event.',
  fields: (t) => ({
    kind: t.field({
      type: ContentChangeKind,
      nullable: false,
      description: 'What happened.',
      resolve: (change) => change.kind,
    }),
    event: t.field({
      type: Event,
      nullable: false,
      description: 'The event as this change left it.',
      resolve: (change) => change.row,
    }),
    before: t.field({
      type: Event,
      description: 'The version before; null for a new event.',
      resolve: (change) => change.before,
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: "When it was read, by upstream's clock.",
      resolve: (change) => change.observedMs,
    }),
  }),
});

const TransferChange = contentChange<TransferRow>('TransferChange').implement({
  description: 'A new version of a transfer.',
  fields: (t) => ({
    kind: t.field({
      type: ContentChangeKind,
      nullable: false,
      description: 'What happened.',
      resolve: (change) => change.kind,
    }),
    transfer: t.field({
      type: Transfer,
      nullable: false,
      description: 'The transfer as this change left it.',
      resolve: (change) => change.row,
    }),
    before: t.field({
      type: Transfer,
      description: 'The version before; null for a new transfer.',
      resolve: (change) => change.before,
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: "When it was read, by upstream's clock.",
      resolve: (change) => change.observedMs,
    }),
  }),
});

/** Equal streams share a batch, so what it rests on is read once for all of them. */
const standings = new WeakMap<object, Standing>();
const standingOf = (batch: object, { tenant }: GatewayContext): Standing => {
  let standing = standings.get(batch);
  if (!standing) {
    standing = readStanding(tenant);
    standings.set(batch, standing);
  }
  return standing;
};

const defineBatch = <Change extends object>(
  name: string,
  description: string,
  change: typeof StateChange | typeof EventChange | typeof TransferChange,
) =>
  builder.objectRef<Batch<Change>>(name).implement({
    description,
    fields: (t) => ({
      phase: t.field({
        type: StreamPhase,
        nullable: false,
        description: 'What the batch is.',
        resolve: (batch) => batch.phase,
      }),
      cursor: t.field({
        type: 'Cursor',
        nullable: false,
        description:
          'Position behind this batch: `after` it, the very next change follows. Behind a part of a snapshot the snapshot starts anew, for its rest would be missing.',
        resolve: (batch) => batch.cursor,
      }),
      freshThrough: t.field({
        type: 'DateTime',
        description:
          'What a stale banner goes by; null before the first coverage. It speaks of the mirror when the batch was made, not of the changes in it: a board that catches up is as old as the `observedAt` of what it was told last, however fresh the mirror is.',
        resolve: (batch, _args, context) => standingOf(batch, context).freshThroughMs,
      }),
      completeThrough: t.field({
        type: 'DateTime',
        description:
          'What history goes by; null while the very beginning is missing. Of the mirror, as `freshThrough`.',
        resolve: (batch, _args, context) => standingOf(batch, context).completeThroughMs,
      }),
      health: t.field({
        type: HealthEnum,
        nullable: false,
        description: 'How the feed is doing.',
        resolve: (batch, _args, context) => healthOf(standingOf(batch, context), context.clock),
      }),
      changes: t.field({
        type: [change],
        nullable: { list: false, items: false },
        description: 'The changes, in order; empty for a heartbeat.',
        // The batch and its changes are of one kind by the call below.
        resolve: (batch) => batch.changes as never,
      }),
    }),
  });

export const StateChangeBatch = defineBatch<StateChangeRow>(
  'StateChangeBatch',
  "Changes of agents' current statuses.",
  StateChange,
);
export const EventChangeBatch = defineBatch<ContentChange<EventRow>>(
  'EventChangeBatch',
  'New versions of events.',
  EventChange,
);
export const TransferChangeBatch = defineBatch<ContentChange<TransferRow>>(
  'TransferChangeBatch',
  'New versions of transfers.',
  TransferChange,
);
