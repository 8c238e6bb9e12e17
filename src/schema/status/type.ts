import { rawValue, readCapacities } from '../../mirror/index.ts';
import { batched } from '../batch.ts';
import { builder } from '../builder.ts';
import type { GatewayContext } from '../context.ts';
import { AgentState, Allocation, Direction, Presence } from '../enums/coded.ts';
import { Channels, capacityOf } from '../event/capacity.ts';
import { Agent, Event, Reason, Session } from '../refs.ts';
import { agentOf, eventOf, reasonOf, sessionOf } from '../relations.ts';
import type { StatusRow } from './row.ts';

export const CertaintyEnum = builder.enumType('Certainty', {
  description:
    'How sure an answer about an instant is. A status asked for now goes by its event, for all that came before is known as well; one asked for `at` an instant goes by the instant. So the same status can be SETTLED now and PROVISIONAL `at` this very moment, which is still being read.',
  values: {
    SETTLED: { description: 'Read after the settle time: what upstream had to say has been heard.' },
    PROVISIONAL: {
      description:
        'Read while records could still be on their way, or by answers much of which was no record: may be revised.',
    },
    UNKNOWN: {
      description:
        "Not covered: before the mirror began; inside a gap; from a gap on until the agent's next event, as what the gap hides may have ended what stands, whether it can still be filled or is lost for ever; from where a record of the agent is proved to be missing (a CHAIN_BREAK, which says nothing of others) until the next; or when the feed has been silent for minutes.",
    },
  },
});

const capacityFor = (row: StatusRow, context: GatewayContext) => {
  const texts = batched(row, 'capacity', (rows) =>
    readCapacities(
      context.tenant.mirror,
      rows.flatMap((one) => one.capacity ?? []),
    ),
  );
  const text = row.capacity === null ? undefined : texts.get(row.capacity);
  return text === undefined ? null : capacityOf(text);
};

const coded =
  (field: 'presence' | 'state' | 'allocation' | 'direction') =>
  (row: StatusRow, _args: object, context: GatewayContext) => {
    const code = row[field];
    return code === null ? null : rawValue(context.tenant.mirror, field, code);
  };

export const AgentStatus = builder.objectRef<StatusRow>('AgentStatus').implement({
  description:
    'What an agent was doing at an instant: the last event that had begun, in the newest session. Facts are null where upstream gave none, and all of them at an instant before the mirror began or inside a gap.',
  fields: (t) => ({
    agent: t.field({
      type: Agent,
      nullable: false,
      description: 'Whose status it is.',
      // Whoever has a status is a row of agent, and agents are never removed.
      resolve: (row, _args, context) => agentOf(row, 'agent', context.tenant.mirror, (one) => one.agent)!,
    }),
    at: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'The instant that it speaks of.',
      resolve: (row) => row.atMs,
    }),
    since: t.field({
      type: 'DateTime',
      description: 'When presence, state, reason or direction last changed; null where nothing is known.',
      resolve: (row) => (row.blank ? null : row.sinceMs),
    }),
    sinceEvent: t.field({
      type: 'DateTime',
      description:
        'When the event that stands began; capacity events move it, though not `since`. Null where nothing is known.',
      resolve: (row) => (row.blank ? null : row.sinceEventMs),
    }),
    durationSeconds: t.float({
      description: 'Seconds from `since` to `at`, to the millisecond; null where nothing is known.',
      resolve: (row) => (row.blank ? null : Math.max(0, row.atMs - row.sinceMs) / 1000),
    }),
    duration: t.field({
      type: 'Duration',
      description: '`durationSeconds` as ISO 8601; null where nothing is known.',
      resolve: (row) => (row.blank ? null : Math.max(0, row.atMs - row.sinceMs)),
    }),
    presence: t.field({
      type: Presence.ref,
      description: 'Whether the agent takes interactions; null when upstream did not say.',
      resolve: (row) => Presence.nameOf(row.presence),
    }),
    presenceRaw: t.string({
      description: "`presence` in upstream's own word; null where `presence` is.",
      resolve: coded('presence'),
    }),
    state: t.field({
      type: AgentState.ref,
      description: 'What the agent is doing; null when upstream did not say.',
      resolve: (row) => AgentState.nameOf(row.state),
    }),
    stateRaw: t.string({
      description: "`state` in upstream's own word; null where `state` is.",
      resolve: coded('state'),
    }),
    reason: t.field({
      type: Reason,
      description: 'Why the agent is not ready; null when no reason was given.',
      resolve: (row, _args, context) => reasonOf(row, 'reason', context.tenant.mirror, (one) => one.reason),
    }),
    allocation: t.field({
      type: Allocation.ref,
      description: "How much of the agent's capacity is in use; null when upstream did not say.",
      resolve: (row) => Allocation.nameOf(row.allocation),
    }),
    allocationRaw: t.string({
      description: "`allocation` in upstream's own word; null where `allocation` is.",
      resolve: coded('allocation'),
    }),
    direction: t.field({
      type: Direction.ref,
      description: 'Who began the interaction in hand; null when upstream did not say.',
      resolve: (row) => Direction.nameOf(row.direction),
    }),
    directionRaw: t.string({
      description: "`direction` in upstream's own word; null where `direction` is.",
      resolve: coded('direction'),
    }),
    channels: t.field({
      type: Channels,
      description:
        'Interactions in hand by channel: of each the most in any capacity group, never their sum. Null when upstream gave no capacity.',
      resolve: (row, _args, context) => capacityFor(row, context)?.channels ?? null,
    }),
    load: t.float({
      description:
        'Share of the capacity in use, 0 to 1, the most of any group; null when upstream gave none.',
      resolve: (row, _args, context) => capacityFor(row, context)?.load ?? null,
    }),
    capacity: t.float({
      description:
        'Interactions that the agent could have in hand, the most of any group; null when upstream gave none.',
      resolve: (row, _args, context) => capacityFor(row, context)?.capacity ?? null,
    }),
    session: t.field({
      type: Session,
      description: 'The session that it stands in; null when the event names none.',
      resolve: (row, _args, context) =>
        sessionOf(row, 'session', context.tenant.mirror, (one) => one.session),
    }),
    event: t.field({
      type: Event,
      description:
        'The event that stands, as it is now; null when it is past its retention, or nothing is known.',
      resolve: (row, _args, context) =>
        eventOf(row, 'event', context.tenant.mirror, (one) => (one.blank ? null : one.event)),
    }),
    certainty: t.field({
      type: CertaintyEnum,
      nullable: false,
      description: 'How sure it is.',
      resolve: (row) => row.certainty,
    }),
    inferred: t.boolean({
      nullable: false,
      description: 'Whether the agent is inferred to have logged out: no record says so.',
      resolve: (row) => Boolean(row.inferred),
    }),
  }),
});
