import { textInput } from './text.ts';

/** Text inside and outside: the stream that takes it decodes it, and says what is wrong with it. */
export const cursorScalar = {
  description:
    'A position in the change log, opaque. Every connection, batch and `mirror` gives one; `after` takes it, and continues with the very next change.',
  serialize(value: unknown): string {
    if (typeof value === 'string') return value;
    throw new TypeError('not a cursor');
  },
  ...textInput(
    (text) => text || null,
    () => 'Cursor must be a string that the gateway gave before.',
    'CURSOR_MALFORMED',
  ),
};
