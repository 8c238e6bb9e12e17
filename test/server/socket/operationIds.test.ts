import { expect, test } from 'vitest';
import { type Incoming, readIncoming } from '../../../src/server/socket/incoming.ts';
import { clientIdOf, createOperationIds, withClientId } from '../../../src/server/socket/operationIds.ts';

const ownIdIn = (incoming: Incoming): string => {
  if (!incoming || !('text' in incoming))
    throw new Error(`nothing to hand on in ${JSON.stringify(incoming)}`);
  return JSON.parse(incoming.text).id;
};

test('operations under one id, one left and one begun, have ids of their own, and the end of the first frees nothing', () => {
  const ids = createOperationIds();
  const read = (type: string, id: string) => readIncoming(JSON.stringify({ id, type }), ids);
  const first = ownIdIn(read('subscribe', 'a b'));
  expect(read('subscribe', 'a b')).toMatchObject({ close: { code: 4409 } });
  expect(ownIdIn(read('complete', 'a b'))).toBe(first);
  const second = ownIdIn(read('subscribe', 'a b'));
  expect(second).not.toBe(first);
  ids.end(first);
  expect(read('subscribe', 'a b')).toMatchObject({ close: { code: 4409 } });
  ids.end(second);
  expect(read('complete', 'a b')).toBeNull();
  expect(clientIdOf(ownIdIn(read('subscribe', 'a b')))).toBe('a b');
});

test.each(['1', '2 3', 'with "quotes"', 'Äda \u0000 😀', ' '])(
  'what is said of %j comes under the id as it was given',
  (id) => {
    const ids = createOperationIds();
    const ownId = ids.begin(id);
    const text = JSON.stringify({ id: ownId, type: 'next', payload: { id: ownId } });
    expect(JSON.parse(withClientId(text))).toEqual({ id, type: 'next', payload: { id: ownId } });
  },
);

test('messages without an id are handed on as they are', () => {
  const pong = '{"type":"pong","payload":{"id":"1 2"}}';
  expect(withClientId(pong)).toBe(pong);
  for (const text of [
    pong,
    'no json',
    '[]',
    '7',
    '{"type":"subscribe","id":""}',
    '{"type":"subscribe","id":7}',
  ]) {
    expect(readIncoming(text, createOperationIds())).toEqual({ text });
  }
});
