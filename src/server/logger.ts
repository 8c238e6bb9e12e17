/** What the server needs of a logger; pino's own loggers fit. */
export type Logger = {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};
