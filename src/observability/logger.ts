import { type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

export type Logger = PinoLogger;

/**
 * Structured log on standard error, so that standard output stays free for what a command prints.
 * Names that carry credentials are redacted wherever they stand.
 */
export const createLogger = (options: {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  format: 'json' | 'pretty';
}): Logger => {
  const settings = {
    level: options.level,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: ['password', '*.password', 'authorization', '*.authorization', '*.headers.authorization'],
      censor: '[secret]',
    },
  };
  if (options.format === 'pretty') {
    const stream = pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' });
    return pino(settings, stream);
  }
  // Synchronous: the last line before an exit is the one that matters.
  return pino(settings, pino.destination({ dest: 2, sync: true }));
};
