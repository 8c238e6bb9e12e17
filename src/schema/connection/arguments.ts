import { clientError } from '../errors.ts';

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;

/** A connection's arguments as GraphQL hands them over. */
export type PageArguments = {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
};

/** How many rows, and from which end. Throws BAD_USER_INPUT and PAGE_SIZE_OVER_LIMIT, naming the argument. */
export const pageSizeOf = ({ first, last }: PageArguments): { limit: number; fromEnd: boolean } => {
  const given = { first: first ?? null, last: last ?? null };
  if (given.first !== null && given.last !== null) {
    throw clientError('BAD_USER_INPUT', 'Give `first` or `last`, not both.', { argument: 'last' });
  }
  const argument = given.last === null ? 'first' : 'last';
  const limit = given.first ?? given.last ?? DEFAULT_PAGE_SIZE;
  if (limit < 0) throw clientError('BAD_USER_INPUT', `\`${argument}\` must not be negative.`, { argument });
  if (limit > MAX_PAGE_SIZE) {
    throw clientError(
      'PAGE_SIZE_OVER_LIMIT',
      `\`${argument}\` is ${limit}; a page holds ${MAX_PAGE_SIZE} rows at most. Ask for less, and go on with \`endCursor\`.`,
      { argument, limit: MAX_PAGE_SIZE },
    );
  }
  return { limit, fromEnd: given.last !== null };
};
