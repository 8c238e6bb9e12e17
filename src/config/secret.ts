import { inspect } from 'node:util';

/** A text that no log, error or JSON shows; only `reveal` gives it, where it is sent. */
export type Secret = { reveal(): string };

export const secret = (text: string): Secret => {
  const hidden = () => '[secret]';
  return Object.freeze({
    reveal: () => text,
    toString: hidden,
    toJSON: hidden,
    [inspect.custom]: hidden,
  });
};
