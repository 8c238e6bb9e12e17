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

/**
 * Structured log. Names that carry credentials are redacted wherever they stand.
 * Written synchronously: the last line before an exit is the one that matters.
 */
export const createLogger = ({ level, format, colors = false, write }: LogOptions): Logger => {
  const settings = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: ['password', '*.password', 'authorization', '*.authorization', '*.headers.authorization'],
      censor: '[secret]',
    },
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
