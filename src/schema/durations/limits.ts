import { AggregatesBusyError, DurationsTooLargeError } from '../../mirror/index.ts';
import { clientError } from '../errors.ts';

/**
 * Rows of one answer. They are added up elsewhere, but made, executed and written on the main thread: 6 µs of its time a row
 * of three fields, 12 µs one of seven with its agent, so a tenth of a second for so many.
 */
export const MAX_ROWS = 10_000;

const FEWER_ROWS =
  'Ask for a shorter range or a coarser `granularity`, for fewer keys in `groupBy`, or for some of it by a `filter`; agent by agent, page by page, `Agent.stateDurations` tells the same.';

export const tooManyRows = () =>
  clientError('RANGE_TOO_LARGE', `The answer has more than ${MAX_ROWS} rows. ${FEWER_ROWS}`, {
    argument: 'groupBy',
    maxRows: MAX_ROWS,
  });

/** What was too much for the mirror, as the client can help it; anything else as it is. */
export const refusalOf = (thrown: unknown): unknown => {
  if (thrown instanceof AggregatesBusyError) {
    return clientError(
      'RATE_LIMITED',
      'Many are asking for time in state at once. Ask again in some seconds.',
    );
  }
  if (!(thrown instanceof DurationsTooLargeError)) return thrown;
  const { what, most } = thrown;
  if (what === 'ROWS') return tooManyRows();
  const message = {
    SUMS: `The range holds more than ${most} sums of a quarter hour. Ask for a shorter range.`,
    EVENTS: `The range holds more than ${most} events. Ask for a shorter range or for fewer agents; of the whole floor without a filter, \`events\`, averages and percentiles, on whole quarter hours, far longer ranges are answered.`,
    PIECES: `The buckets split the events of the range into more than ${most} pieces. Ask for a shorter range or a coarser \`granularity\`.`,
  }[what];
  return clientError('RANGE_TOO_LARGE', message, { argument: 'to', maxRows: most });
};
