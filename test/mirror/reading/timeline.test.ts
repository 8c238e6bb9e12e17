import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  condenseTimeline,
  type TimelineEvent,
  type TimelineSession,
} from '../../../src/mirror/reading/timeline.ts';

const event = (
  session: number | null,
  startMs: number,
  endMs: number | null,
  state: number,
  id = startMs,
): TimelineEvent => ({
  event: id,
  session,
  startMs,
  endMs,
  state,
  presence: null,
  reason: null,
  direction: null,
});
const range = { fromMs: 0, toMs: 100, openUntilMs: 90 };
const brief = (events: TimelineEvent[], sessions: TimelineSession[]) =>
  condenseTimeline(events, sessions, range).map((spell) => [spell.fromMs, spell.toMs, spell.state]);

describe('condenseTimeline', () => {
  it('joins neighbours of one state into a spell that names its events', () => {
    const spells = condenseTimeline(
      [event(1, 0, 10, 1), event(1, 10, 20, 1), event(1, 20, 30, 2)],
      [{ session: 1, beganMs: 0 }],
      range,
    );
    expect(spells.map((spell) => [spell.fromMs, spell.toMs, spell.events])).toEqual([
      [0, 20, [0, 10]],
      [20, 30, [20]],
    ]);
  });

  it('lets the newer of two overlapping sessions speak', () => {
    const sessions = [
      { session: 1, beganMs: 0 },
      { session: 2, beganMs: 40 },
    ];
    expect(brief([event(1, 0, 60, 1), event(2, 40, 50, 2), event(1, 60, 80, 3)], sessions)).toEqual([
      [0, 40, 1],
      [40, 50, 2],
    ]);
  });

  it('runs an open event as far as the mirror has read, and leaves holes where nothing is known', () => {
    const sessions = [{ session: 1, beganMs: 0 }];
    expect(brief([event(1, 5, 10, 1), event(1, 70, null, 2)], sessions)).toEqual([
      [5, 10, 1],
      [70, 90, 2],
    ]);
  });

  it('cuts an event whose end reaches past its successor', () => {
    expect(brief([event(1, 0, 50, 1), event(1, 20, 30, 2)], [{ session: 1, beganMs: 0 }])).toEqual([
      [0, 20, 1],
      [20, 30, 2],
    ]);
  });

  it('agrees at every instant with the last event of the newest session, and never overlaps', () => {
    const arbitrary = fc.record({
      sessions: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 3 }),
      events: fc.uniqueArray(
        fc.record({
          session: fc.nat(2),
          startMs: fc.integer({ min: 0, max: 40 }),
          length: fc.integer({ min: 0, max: 30 }),
          state: fc.integer({ min: 1, max: 3 }),
        }),
        { maxLength: 12, selector: (one) => one.startMs },
      ),
    });
    fc.assert(
      fc.property(arbitrary, (world) => {
        const sessions = world.sessions
          .sort((a, b) => a - b)
          .map((beganMs, session) => ({ session, beganMs }));
        const events = world.events
          .map((one) => ({ ...one, session: one.session % sessions.length }))
          .filter((one) => one.startMs >= sessions[one.session]!.beganMs)
          .sort((a, b) => a.startMs - b.startMs)
          .map((one) => event(one.session, one.startMs, one.startMs + one.length, one.state));
        const spells = condenseTimeline(events, sessions, range);
        for (let i = 1; i < spells.length; i++)
          expect(spells[i]!.fromMs).toBeGreaterThanOrEqual(spells[i - 1]!.toMs);
        for (let at = 0; at < 100; at++) {
          const newest = sessions.findLast((one) => one.beganMs <= at);
          const last = events.findLast((one) => one.startMs <= at && one.session === newest?.session);
          const expected = last && last.endMs! > at ? last.state : undefined;
          expect(spells.find((spell) => spell.fromMs <= at && at < spell.toMs)?.state).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });
});
