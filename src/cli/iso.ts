/** An instant as every command prints it: RFC 3339 in UTC. */
export const iso = (ms: number): string => new Date(ms).toISOString();
