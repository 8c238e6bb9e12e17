/** How the gateway tells what it does: the log. */
export { createLogger, type Logger } from './logger.ts';
