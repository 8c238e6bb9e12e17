import type { Silence, Standing, TimelinePiece } from '../../mirror/index.ts';
import { type Certainty, type Knowledge, knowledgeOf } from '../status/row.ts';

/** A stretch in which (presence, state, reason, direction) of an agent did not change. */
export type Spell = {
  /** agent.id */
  agent: number;
  fromMs: number;
  toMs: number;
  presence: number | null;
  state: number | null;
  /** reason.id, of the last of its events: a reason may be renamed meanwhile. */
  reason: number | null;
  direction: number | null;
  /** session.id */
  session: number | null;
  /** event.id of the events that stood in it, in order; none where nothing is known. */
  events: number[];
  inferred: boolean;
  /** The least of any moment in it. */
  certainty: Certainty;
  /** Nothing is known of the stretch: every fact is then null. */
  blank: boolean;
  /** It lasts: the present cut it off, and nothing else. */
  open: boolean;
};

type Part = Omit<Spell, 'events' | 'open'> & { event: number | null };

/** What coverage says of every instant of a stretch. */
export type KnowledgeSpan = Knowledge & { fromMs: number; toMs: number };

/** A range in stretches of which coverage says the same throughout, in order. */
export const knowledgeSpans = (
  standing: Standing,
  { fromMs, toMs, nowMs }: { fromMs: number; toMs: number; nowMs: number },
): KnowledgeSpan[] => {
  const edges = new Set([fromMs]);
  for (const slice of standing.coverage) edges.add(slice.fromMs).add(slice.toMs);
  if (standing.freshThroughMs !== null) edges.add(standing.freshThroughMs);
  return [...edges]
    .filter((ms) => ms >= fromMs && ms < toMs)
    .sort((a, b) => a - b)
    .map((atMs, i, all) => ({
      ...knowledgeOf(standing, { kind: 'PAST', atMs, nowMs }),
      fromMs: atMs,
      toMs: all[i + 1] ?? toMs,
    }));
};

/** What all timelines of an answer are put together by. */
export type Telling = {
  spans: readonly KnowledgeSpan[];
  nowMs: number;
  /** By reason.id, what is equal for rows that are one reason to people; null: no reason. */
  reasonIdentities: ReadonlyMap<number, string | null>;
};

/** Puts the pieces of one agent together to spells; where nothing is known one spell says so. */
export const spellsOf = (
  agent: number,
  pieces: readonly (TimelinePiece | Silence)[],
  { spans, nowMs, reasonIdentities }: Telling,
): Spell[] => {
  const identityOf = (reason: number | null) =>
    reason === null ? null : (reasonIdentities.get(reason) ?? null);
  const isOneReason = (a: number | null, b: number | null) => a === b || identityOf(a) === identityOf(b);
  const spells: Spell[] = [];
  let next = 0;
  for (const { fromMs, toMs, blank, certaintyOf } of spans) {
    if (blank) {
      extend(spells, { ...nothing, agent, fromMs, toMs }, isOneReason);
      continue;
    }
    while (next < pieces.length && pieces[next]!.toMs <= fromMs) next += 1;
    for (let at = next; at < pieces.length && pieces[at]!.fromMs < toMs; at++) {
      const whole = pieces[at]!;
      const span = { fromMs: Math.max(whole.fromMs, fromMs), toMs: Math.min(whole.toMs, toMs) };
      if (whole.event === null) {
        extend(spells, { ...nothing, agent, ...span }, isOneReason);
        continue;
      }
      const { startMs, missingMs, ...piece } = whole;
      const lacks = missingMs !== null && missingMs < span.toMs;
      const certainty = lacks ? 'UNKNOWN' : certaintyOf({ sinceEventMs: startMs, missingMs: null });
      extend(spells, { ...piece, ...span, agent, certainty, blank }, isOneReason);
    }
  }
  const last = spells.at(-1);
  if (last?.toMs === nowMs) last.open = !last.blank;
  return spells;
};

const nothing = {
  presence: null,
  state: null,
  reason: null,
  direction: null,
  session: null,
  event: null,
  inferred: false,
  certainty: 'UNKNOWN',
  blank: true,
} as const;

const SURENESS: Record<Certainty, number> = { UNKNOWN: 0, PROVISIONAL: 1, SETTLED: 2 };

const extend = (
  spells: Spell[],
  { event, ...part }: Part,
  isOneReason: (a: number | null, b: number | null) => boolean,
): void => {
  const last = spells.at(-1);
  const goesOn =
    last !== undefined &&
    last.toMs === part.fromMs &&
    last.blank === part.blank &&
    last.presence === part.presence &&
    last.state === part.state &&
    isOneReason(last.reason, part.reason) &&
    last.direction === part.direction &&
    last.session === part.session &&
    last.inferred === part.inferred;
  if (!goesOn) {
    spells.push({ ...part, events: event === null ? [] : [event], open: false });
    return;
  }
  last.toMs = part.toMs;
  last.reason = part.reason;
  if (event !== null && last.events.at(-1) !== event) last.events.push(event);
  if (SURENESS[part.certainty] < SURENESS[last.certainty]) last.certainty = part.certainty;
};
