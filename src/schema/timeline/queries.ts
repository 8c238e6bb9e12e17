import {
  rawValue,
  readEvents,
  readReasonIdentities,
  readStanding,
  readTimelines,
  upstreamNowMs,
  WalkTooLongError,
} from '../../mirror/index.ts';
import { batched, siblings } from '../batch.ts';
import { builder } from '../builder.ts';
import type { GatewayContext } from '../context.ts';
import { AgentState, Direction, Presence } from '../enums/coded.ts';
import { clientError } from '../errors.ts';
import { checkRange } from '../filter/range.ts';
import { Agent, Event, Reason, Session } from '../refs.ts';
import { eventOf, reasonOf, sessionOf } from '../relations.ts';
import { CertaintyEnum } from '../status/type.ts';
import { knowledgeSpans, type Spell, spellsOf } from './spells.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 31;

const coded =
  (field: 'presence' | 'state' | 'direction') =>
  (spell: Spell, _args: object, { tenant }: GatewayContext) => {
    const code = spell[field];
    return code === null ? null : rawValue(tenant.mirror, field, code);
  };

const SpellType = builder.objectRef<Spell>('Spell').implement({
  description:
    'A stretch in which presence, state, reason and direction of an agent did not change. At each of its instants it says what `Agent.status` says of that instant, but for a reason that was renamed meanwhile.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'First instant of it in the range; it may have begun before.',
      resolve: (spell) => spell.fromMs,
    }),
    to: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'First instant past it, or where the range or the present cuts it off.',
      resolve: (spell) => spell.toMs,
    }),
    durationSeconds: t.float({
      nullable: false,
      description: 'Seconds from `from` to `to`, to the millisecond.',
      resolve: (spell) => (spell.toMs - spell.fromMs) / 1000,
    }),
    duration: t.field({
      type: 'Duration',
      nullable: false,
      description: '`durationSeconds` as ISO 8601.',
      resolve: (spell) => spell.toMs - spell.fromMs,
    }),
    presence: t.field({
      type: Presence.ref,
      description:
        'Whether the agent took interactions; null when upstream did not say, or nothing is known.',
      resolve: (spell) => Presence.nameOf(spell.presence),
    }),
    presenceRaw: t.string({
      description: "`presence` in upstream's own word; null where `presence` is.",
      resolve: coded('presence'),
    }),
    state: t.field({
      type: AgentState.ref,
      description: 'What the agent was doing; null when upstream did not say, or nothing is known.',
      resolve: (spell) => AgentState.nameOf(spell.state),
    }),
    stateRaw: t.string({
      description: "`state` in upstream's own word; null where `state` is.",
      resolve: coded('state'),
    }),
    reason: t.field({
      type: Reason,
      description:
        'Why the agent was not ready, under the name that it had last in the spell: one that is renamed is the same. Null when no reason was given.',
      resolve: (spell, _args, { tenant }) => reasonOf(spell, 'reason', tenant.mirror, (one) => one.reason),
    }),
    direction: t.field({
      type: Direction.ref,
      description: 'Who began the interaction in hand; null when upstream did not say.',
      resolve: (spell) => Direction.nameOf(spell.direction),
    }),
    directionRaw: t.string({
      description: "`direction` in upstream's own word; null where `direction` is.",
      resolve: coded('direction'),
    }),
    session: t.field({
      type: Session,
      description: 'The session that it is of; null when its events name none.',
      resolve: (spell, _args, { tenant }) => sessionOf(spell, 'session', tenant.mirror, (one) => one.session),
    }),
    firstEvent: t.field({
      type: Event,
      description: 'The first event that stood in it; null where nothing is known.',
      resolve: (spell, _args, { tenant }) =>
        eventOf(spell, 'firstEvent', tenant.mirror, (one) => one.events[0] ?? null),
    }),
    events: t.field({
      type: [Event],
      nullable: { list: false, items: false },
      description: 'The events that stood in it, in order; none where nothing is known.',
      extensions: { assumedListSize: 3 },
      resolve: (spell, _args, { tenant }) => {
        const found = batched(spell, 'events', (spells: readonly Spell[]) => {
          const events = readEvents(
            tenant.mirror,
            spells.flatMap((one) => one.events),
          );
          siblings([...events.values()]);
          return events;
        });
        return spell.events.flatMap((id) => found.get(id) ?? []);
      },
    }),
    eventCount: t.int({
      nullable: false,
      description:
        'Events that stood in it, one after the other: a change of capacity alone begins no spell.',
      resolve: (spell) => spell.events.length,
    }),
    certainty: t.field({
      type: CertaintyEnum,
      nullable: false,
      description:
        'How sure it is: the least of any instant in it. UNKNOWN without any fact: nothing is known of it.',
      resolve: (spell) => spell.certainty,
    }),
    inferred: t.boolean({
      nullable: false,
      description: 'Whether the agent is inferred to have been logged out: no record says so.',
      resolve: (spell) => spell.inferred,
    }),
    open: t.boolean({
      nullable: false,
      description:
        'Whether it still lasts: `to` is then the present, and no end. False where the range cuts it off before.',
      resolve: (spell) => spell.open,
    }),
  }),
});

/** Too much for one answer: what would help is a shorter range. */
const readOrRefuse = (...asked: Parameters<typeof readTimelines>): ReturnType<typeof readTimelines> => {
  try {
    return readTimelines(...asked);
  } catch (thrown) {
    if (!(thrown instanceof WalkTooLongError)) throw thrown;
    throw clientError(
      'RANGE_TOO_LARGE',
      `The timelines are made of more than ${thrown.maxRows} events. Ask for a shorter range, or for fewer agents at once.`,
      { argument: 'to', maxRows: thrown.maxRows },
    );
  }
};

const checkAsked = (fromMs: number, toMs: number, nowMs: number): void => {
  // First: an end that was left out is now, and must not be blamed.
  if (fromMs >= nowMs) {
    throw clientError('BAD_USER_INPUT', '`from` lies in the future: there is no timeline yet.', {
      argument: 'from',
    });
  }
  checkRange({ from: fromMs, to: toMs }, 'to');
  if (toMs - fromMs > MAX_DAYS * DAY_MS) {
    throw clientError(
      'RANGE_TOO_LARGE',
      `A timeline spans ${MAX_DAYS} days at most; ask for a shorter range.`,
      { argument: 'to', maxDays: MAX_DAYS },
    );
  }
};

builder.objectField(Agent, 'timeline', (t) =>
  t.field({
    type: [SpellType],
    nullable: { list: false, items: false },
    description:
      "What the agent was doing over a range of time: spells that never overlap, the earliest first. It ends now at the latest. Time before the agent's first session and event is in no spell; time that the mirror did not read, or in which a session had begun and said nothing yet, is in one without facts, UNKNOWN.",
    extensions: { assumedListSize: 100 },
    args: {
      from: t.arg({
        type: 'DateTime',
        description: 'First instant of the range; a day before its end when left out.',
      }),
      to: t.arg({
        type: 'DateTime',
        description:
          'First instant past the range, 31 days after `from` at most; may lie in the future. Now when left out.',
      }),
    },
    resolve: (agent, args, { tenant, clock }) =>
      batched(
        agent,
        `timeline:${args.from}:${args.to}`,
        (agents: readonly { id: number; seen: number }[]) => {
          const standing = readStanding(tenant);
          const nowMs = upstreamNowMs(standing, clock);
          const toMs = args.to ?? nowMs;
          const fromMs = args.from ?? Math.min(toMs, nowMs) - DAY_MS;
          checkAsked(fromMs, toMs, nowMs);
          const range = { fromMs, toMs: Math.min(toMs, nowMs) };
          const seen = agents.filter((one) => one.seen === 1).map((one) => one.id);
          const pieces = readOrRefuse(tenant.mirror, seen, range);
          const reasons = [...pieces.values()]
            .flat()
            .flatMap((one) => (one.event === null ? [] : (one.reason ?? [])));
          const telling = {
            spans: knowledgeSpans(standing, { ...range, nowMs }),
            nowMs,
            reasonIdentities: readReasonIdentities(tenant.mirror, reasons),
          };
          const timelines = [...pieces].map(([id, own]) => [id, spellsOf(id, own, telling)] as const);
          siblings(timelines.flatMap(([, spells]) => spells));
          return new Map(timelines);
        },
      ).get(agent.id) ?? [],
  }),
);
