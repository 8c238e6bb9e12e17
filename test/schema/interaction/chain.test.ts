import { describe, expect, test } from 'vitest';
import type { TransferRow } from '../../../src/mirror/index.ts';
import { chainOf } from '../../../src/schema/interaction/chain.ts';
import { openGateway } from '../../fixtures/gateway.ts';
import { record, transfer, uuidAt } from '../../mirror/support/records.ts';

/** `A>B@5` is handed over by A to B at 5. */
const transfersOf = (...told: string[]): TransferRow[] =>
  told.map((text, i) => {
    const [, from, to, at] = /^(\w)>(\w)@(\d+)$/.exec(text)!;
    return {
      id: i + 1,
      interactionId: Buffer.alloc(16),
      fromAgent: from!.charCodeAt(0),
      toAgent: to!.charCodeAt(0),
      startMs: Number(at),
      endMs: null,
      event: i + 1,
      observedMs: 0,
    };
  });
const name = ({ fromAgent, toAgent }: TransferRow) =>
  `${String.fromCharCode(fromAgent)}>${String.fromCharCode(toAgent)}`;
const told = (transfers: readonly TransferRow[]) =>
  chainOf(transfers, String).map(
    ({ transfer: one, after, broken }) =>
      `${name(one)} ${broken ? 'broken' : after ? `after ${name(after)}` : 'first'}`,
  );
const permutations = <One>(all: readonly One[]): One[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((one, i) => permutations(all.toSpliced(i, 1)).map((rest) => [one, ...rest]));

describe('the chain of an interaction', () => {
  test.each([
    ['one after the other', ['A>B@1', 'B>C@2'], ['A>B first', 'B>C after A>B']],
    ['of one instant', ['A>B@1', 'B>C@1', 'C>D@1'], ['A>B first', 'B>C after A>B', 'C>D after B>C']],
    ['of one instant, backwards by key', ['C>B@1', 'B>A@1'], ['C>B first', 'B>A after C>B']],
    ['to oneself', ['A>A@1', 'A>B@2'], ['A>A first', 'A>B after A>A']],
    ['to oneself at one instant', ['A>A@1', 'A>B@1'], ['A>A first', 'A>B after A>A']],
    ['there and back', ['A>B@1', 'B>A@2', 'A>B@3'], ['A>B first', 'B>A after A>B', 'A>B after B>A']],
    [
      'there and back at one instant',
      ['X>B@1', 'A>B@2', 'B>A@2'],
      ['X>B first', 'B>A after X>B', 'A>B after B>A'],
    ],
    ['a circle from nowhere', ['A>B@1', 'B>A@1'], ['A>B first', 'B>A after A>B']],
    [
      'parallel legs',
      ['A>B@1', 'A>C@1', 'B>D@2', 'C>E@2'],
      ['A>B first', 'A>C first', 'B>D after A>B', 'C>E after A>C'],
    ],
    ['with a gap', ['A>B@1', 'C>D@2', 'D>E@2'], ['A>B first', 'C>D broken', 'D>E after C>D']],
    ['none', [], []],
  ])('is the same in whatever order its hand-overs came in: %s', (_what, given, expected) => {
    for (const some of permutations(transfersOf(...given))) {
      expect(told(some.map((one, i) => ({ ...one, id: i + 1 })))).toEqual(expected);
    }
  });
});

test('hand-overs of one instant are linked, whichever was stored first', async () => {
  const [a, b, c, interaction] = [1, 2, 3, 9].map((n) => uuidAt(-1_000_000, n));
  const handOver = (from: string, to: string, node: number) =>
    record({
      agentId: from,
      start: 5,
      eventId: uuidAt(5, node),
      sessionId: uuidAt(0, node),
      transfers: [transfer({ interaction: interaction!, to, start: 6 })],
    });
  for (const records of [
    [handOver(a!, b!, 1), handOver(b!, c!, 2)],
    [handOver(b!, c!, 2), handOver(a!, b!, 1)],
  ]) {
    const gateway = openGateway();
    try {
      for (const one of records) await gateway.mirror.append({ records: [one] });
      const found = await gateway.ask(
        `query ($id: UUID!) { interaction(interactionId: $id) {
           broken transfers { fromAgent { agentId } } chain { after { fromAgent { agentId } } broken } } }`,
        { id: interaction },
      );
      expect(found).toEqual({
        interaction: {
          broken: false,
          transfers: [{ fromAgent: { agentId: a } }, { fromAgent: { agentId: b } }],
          chain: [
            { after: null, broken: false },
            { after: { fromAgent: { agentId: a } }, broken: false },
          ],
        },
      });
    } finally {
      gateway.dispose();
    }
  }
});
