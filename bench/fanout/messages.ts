/** What the processes of the bench say to each other, by node's own channel. */

export type ServerOrder =
  /** A frame was committed: look. */
  | { kind: 'RING' }
  | { kind: 'MEMORY' }
  /** The plain server's next messages, a list a commit. */
  | { kind: 'SCRIPT'; groups: number; commits: Piece[][] }
  | { kind: 'SEND'; commit: number };

/** One text for every client of a group: client number modulo the number of groups. */
export type Piece = { group: number; text: Uint8Array };

export type Memory = { rssBytes: number; heapBytes: number; externalBytes: number };

export type ServerReply = { kind: 'LISTENING'; port: number } | { kind: 'MEMORY'; memory: Memory };

export type CrowdOrder =
  | {
      kind: 'OPEN';
      port: number;
      clients: number;
      /** Null: a plain socket, which says nothing. Variables by client number, modulo their count. */
      operation: { query: string; variables: object[] } | null;
      /** So many clients, from the first, keep the whole text of what they get. */
      capture: number;
      /** They ask, and read nothing of the answer. */
      stalled?: boolean;
    }
  /** From now on nothing is counted but what comes. */
  | { kind: 'RESET' }
  | { kind: 'COUNT' }
  | { kind: 'REPORT' }
  | { kind: 'CLOSE' };

export type Captured = { client: number; text: Uint8Array };

export type CrowdReport = {
  /** Deliveries in the order in which they came: whose, which cursor, when by machineMs. */
  clients: Uint32Array;
  cursors: Uint32Array;
  atMs: Float64Array;
  /** The cursors that the numbers above mean. */
  cursorTexts: string[];
  bytes: number;
  /** Connections that ended before they were asked to. */
  lost: number;
  captured: Captured[];
};

export type CrowdReply =
  | { kind: 'OPENED' }
  | { kind: 'COUNT'; deliveries: number; lost: number; newest: string }
  | { kind: 'REPORT'; report: CrowdReport }
  | { kind: 'CLOSED' };
