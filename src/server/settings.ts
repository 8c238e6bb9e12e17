/** How much one operation may ask for. The same on every transport. */
export type OperationLimits = {
  tokens: number;
  /** Levels of fields, introspection not counted. */
  depth: number;
  aliases: number;
  rootFields: number;
  /** Objects that the operation could return at most, with its real page sizes. */
  cost: number;
  /** Page size where an operation gives none, and the largest that the schema accepts. */
  defaultPageSize: number;
  maxPageSize: number;
  /** What a list without a stated size is taken for. */
  assumedListSize: number;
};

export type ApiKey = {
  name: string;
  /** Lower-case hex of the key's SHA-256; the key itself is nowhere. */
  sha256hex: string;
  /** The only tenant that the key opens; null: any. */
  tenantId: string | null;
};

export type JwtSettings = { jwksUrl: string; issuer: string | null; audience: string | null };

/** No keys and no JWT: everybody is `OPEN`. */
export type AuthSettings = { apiKeys: readonly ApiKey[]; jwt: JwtSettings | null };

export type ServerSettings = {
  host: string;
  /** 0: any free port. */
  port: number;
  auth: AuthSettings;
  /** Origins (`https://wallboard.example`) that may call from a browser besides the server's own. */
  allowedOrigins: readonly string[];
  limits: OperationLimits;
  bodyLimitBytes: number;
  messageLimitBytes: number;
  /** TCP connections in all. */
  connectionLimit: number;
  /** WebSockets in all. */
  socketLimit: number;
  streamsPerConnection: number;
  streamLimit: number;
  /** A consumer that takes nothing for so long ends with CONSUMER_TOO_SLOW. */
  slowConsumerMs: number;
  /** Unsent bytes of one socket after which its streams end with CONSUMER_TOO_SLOW. */
  bufferLimitBytes: number;
  initTimeoutMs: number;
  keepAliveMs: number;
  requestTimeoutMs: number;
  /** From the call of drain() to the last connection cut. */
  drainMs: number;
  /** Folder of `.graphql` documents shown as tabs in GraphiQL; null: none. */
  operationsFolder: string | null;
};

export const defaultServerSettings: ServerSettings = {
  host: '127.0.0.1',
  port: 4000,
  auth: { apiKeys: [], jwt: null },
  allowedOrigins: [],
  limits: {
    // Validation compares the fields of a selection in pairs: 2,000 tokens of them hold the loop for 200 ms, 1,000 for 50.
    tokens: 1000,
    depth: 16,
    aliases: 60,
    rootFields: 20,
    cost: 25_000,
    defaultPageSize: 50,
    maxPageSize: 1000,
    assumedListSize: 5,
  },
  bodyLimitBytes: 128 * 1024,
  messageLimitBytes: 128 * 1024,
  connectionLimit: 10_000,
  socketLimit: 5_000,
  streamsPerConnection: 20,
  streamLimit: 10_000,
  slowConsumerMs: 30_000,
  bufferLimitBytes: 4 * 1024 * 1024,
  initTimeoutMs: 3_000,
  keepAliveMs: 12_000,
  requestTimeoutMs: 30_000,
  // The writer's threads, which stop after it, may take six seconds of the ten that stopping has in all.
  drainMs: 3_000,
  operationsFolder: null,
};
