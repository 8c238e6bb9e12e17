/**
 * What can be wrong with single records. Decided once per record (or session, or agent) by a hash, so that the same
 * record is odd in every answer and in the ground truth. All are shares in [0, 1] unless the name carries a unit.
 */
export type RecordFaults = {
  /** Records that arrive seconds late (exponential, mean 20 s). */
  late: number;
  /** Records that arrive 1 to 10 minutes late. */
  lateMinutes: number;
  /** Records that arrive 1 to 48 hours late. */
  lateDays: number;
  /** Open records that are rewritten closed late (exponential, mean 60 s, up to 10 minutes). */
  lateRewrite: number;
  /** Records that never come although their predecessor names them. */
  dropped: number;
  /** Sessions whose last record never ends. */
  openForever: number;
  /** Shifts in which the agent stays in one state for nine hours: one record, open all that time. */
  longStay: number;
  /** Sessions that a second session of the same agent overlaps. */
  overlap: number;
  /** Renames per agent and day, on top of the few that every floor has. */
  rename: number;
  /** Agents who bear the name of another. */
  sameName: number;
  /** Records that name their reason otherwise, under the same id. */
  reasonRename: number;
  /** Records that lack one attribute. */
  missingAttribute: number;
  /** Records with a state, presence, event type, direction, allocation or channel that the vendor's page does not list. */
  unknownEnum: number;
  /** Records with attributes that the vendor's page does not list. */
  extraAttribute: number;
  /**
   * Records that contradict themselves: end before start, another duration, no or empty capacity, load over 1, a reason
   * without a list, a `nextEventId` that is its own, a transfer to oneself that ends before it begins.
   */
  contradictory: number;
  /** Records that name one of the four before them as the next: a circle of two to five. */
  chainBack: number;
  /** Records that begin in the same millisecond as the one after them in their session; ids are in either order. */
  sameMoment: number;
  /** Rows without eventId, agentId or start, or that are no object at all. */
  malformed: number;
  /** Records whose content changes, under the same id, a minute after they closed. */
  changed: number;
  /** Rows that stand twice in an answer. */
  duplicate: number;
  /** Host clocks behind the ids differ by up to this, ± milliseconds. */
  uuidSkewMs: number;
};

/** What can be wrong with an answer. Shares of requests in [0, 1] unless said otherwise; 1 = always. */
export type AnswerFaults = {
  http5xx: number;
  /** Share of minutes in which every request fails with 503. */
  storm: number;
  http429: number;
  retryAfterSeconds: number;
  /** 401 although the credentials are right. */
  unauthorized: number;
  /** 200 with a log-in page. */
  html: number;
  /** 302 to `redirectUrl`. */
  redirect: number;
  redirectUrl: string;
  /** 200 without the Date header. */
  noDate: number;
  /** The Date header of five minutes ago, with `Age: 300`: out of a cache. */
  cachedDate: number;
  /** 200 with what could be read two minutes ago: a replica that lags. */
  stale: number;
  /** 200 without some of the rows, and a `total` that hides it. */
  missingRows: number;
  /** 200 with nothing in it. */
  empty: number;
  /** `total` that does not fit the rows. */
  wrongTotal: number;
  /** Rows from outside the window asked for. */
  outsideRows: number;
  /** Pages after the first start one row too late or too early, as when rows come or go between two requests. */
  shiftPages: number;
  /** Rows and envelope of another tenant. */
  foreignTenant: number;
  /** One byte every 200 ms. */
  slowBody: number;
  /** Headers and half a body, then silence. */
  stall: number;
  /** The connection is reset before an answer. */
  reset: number;
  /** 200, half the JSON, a clean end. */
  truncate: number;
  /** 200, half the gzip stream, a clean end. */
  gzipTruncate: number;
  /** 200, gzip without its checksum trailer. */
  gzipNoTrailer: number;
  /** 200, a small gzip stream that unpacks to `bombBytes`. */
  bomb: number;
  bombBytes: number;
  /** Server time during which every connection is reset. */
  outages: readonly { fromMs: number; toMs: number }[];
};

export type SimulatorFaults = RecordFaults & AnswerFaults;

export const noFaults: SimulatorFaults = {
  late: 0,
  lateMinutes: 0,
  lateDays: 0,
  lateRewrite: 0,
  dropped: 0,
  openForever: 0,
  longStay: 0,
  overlap: 0,
  rename: 0,
  sameName: 0,
  reasonRename: 0,
  missingAttribute: 0,
  unknownEnum: 0,
  extraAttribute: 0,
  contradictory: 0,
  chainBack: 0,
  sameMoment: 0,
  malformed: 0,
  changed: 0,
  duplicate: 0,
  uuidSkewMs: 0,
  http5xx: 0,
  storm: 0,
  http429: 0,
  retryAfterSeconds: 2,
  unauthorized: 0,
  html: 0,
  redirect: 0,
  redirectUrl: 'http://elsewhere.invalid/',
  noDate: 0,
  cachedDate: 0,
  stale: 0,
  missingRows: 0,
  empty: 0,
  wrongTotal: 0,
  outsideRows: 0,
  shiftPages: 0,
  foreignTenant: 0,
  slowBody: 0,
  stall: 0,
  reset: 0,
  truncate: 0,
  gzipTruncate: 0,
  gzipNoTrailer: 0,
  bomb: 0,
  bombBytes: 200_000_000,
  outages: [],
};

/** The mix of small troubles that a real feed of this kind is estimated to have. */
export const realisticFaults: SimulatorFaults = {
  ...noFaults,
  late: 0.005,
  lateMinutes: 0.0001,
  lateDays: 0.000001,
  lateRewrite: 0.005,
  dropped: 0.0001,
  openForever: 0.003,
  overlap: 0.005,
  rename: 0.0005,
  missingAttribute: 0.002,
  unknownEnum: 0.0005,
  changed: 0.0005,
  duplicate: 0.001,
  uuidSkewMs: 5,
  http5xx: 0.002,
};
