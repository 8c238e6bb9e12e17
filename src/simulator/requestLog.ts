/** One request as the simulator saw it. No credentials. */
export type LoggedRequest = {
  /** Server time. */
  atMs: number;
  method: string;
  /** Path and query as sent. */
  url: string;
  status: number;
  /** Rows in the answer; null when it was no page. */
  rows: number | null;
  fault: string | null;
};

export type RequestCounts = {
  total: number;
  byStatus: Record<number, number>;
  byFault: Record<string, number>;
  rows: number;
  /** The newest requests, oldest first. */
  last: LoggedRequest[];
};

const KEPT = 1_000;

export type RequestLog = { add(request: LoggedRequest): void; counts(): RequestCounts };

export const createRequestLog = (): RequestLog => {
  const counts: RequestCounts = { total: 0, byStatus: {}, byFault: {}, rows: 0, last: [] };
  return {
    add(request) {
      counts.total++;
      counts.byStatus[request.status] = (counts.byStatus[request.status] ?? 0) + 1;
      if (request.fault) counts.byFault[request.fault] = (counts.byFault[request.fault] ?? 0) + 1;
      counts.rows += request.rows ?? 0;
      counts.last.push(request);
      if (counts.last.length > KEPT) counts.last.shift();
    },
    counts: () => structuredClone(counts),
  };
};
