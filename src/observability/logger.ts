import { type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';

export type Logger = PinoLogger;

export type LogOptions = {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  format: 'json' | 'pretty';
  colors?: boolean;
  /** Where lines go, each with its newline; standard error by default, so that standard output stays free. */
  write?: (lines: string) => void;
};

const SECRET_NAMES = ['["password"]', '["authorization"]', '["x-api-key"]'];
/** As deep as the headers of a request in an error: `err.request.headers`. Each level costs every line some microseconds. */
const DEEPEST = 3;

const secretPaths = SECRET_NAMES.flatMap((name) =>
  Array.from(
    { length: DEEPEST + 1 },
    (_, depth) => `${Array.from({ length: depth }, () => '*').join('.')}${name}`,
  ),
);

/**
 * Structured log. Names that carry credentials are redacted in what is logged, and in objects and lists within it down to
 * three levels: nothing here is logged that goes deeper.
 * Written synchronously: the last line before an exit is the one that matters.
 */
export const createLogger = ({ level, format, colors = false, write }: LogOptions): Logger => {
  const settings = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: '[secret]' },
  };
  const raw = write ? { write } : pino.destination({ dest: 2, sync: true });
  if (format === 'json') return pino(settings, raw);
  const prettify = prettyFactory({
    colorize: colors,
    singleLine: true,
    ignore: 'pid,hostname,tenantId',
    translateTime: 'SYS:HH:MM:ss',
  });
  return pino(settings, { write: (line: string) => void raw.write(prettify(line)) });
};
