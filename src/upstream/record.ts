/**
 * One agent-state record of the vendor's page, normalised: instants are integer milliseconds UTC, ids are
 * lower-case UUID strings, an attribute that upstream left out is `null` (absent is null, never zero).
 * Enumerations stay the raw strings here; the mirror gives them codes.
 */
export type AgentStateRecord = {
  eventId: string;
  agentId: string;
  startMs: number;
  /** `EVENT_ID`: upstream gave no start, so the time inside the version-1 `eventId` stands in. */
  startSource: 'REPORTED' | 'EVENT_ID';
  sessionId: string | null;
  eventType: string | null;
  loginMs: number | null;
  nextEventId: string | null;
  agentName: string | null;
  /** 32-bit integers in the vendor's samples; anything else goes to `extra`. */
  platformAgentId: number | null;
  tenantAgentId: number | null;
  presence: string | null;
  state: string | null;
  allocation: string | null;
  direction: string | null;
  reasonId: string | null;
  reasonName: string | null;
  reasonListId: string | null;
  reasonListName: string | null;
  endMs: number | null;
  /** As reported; may differ from end - start. Milliseconds, rounded. */
  reportedDurationMs: number | null;
  /** null: the attribute was absent. []: it was present and empty. */
  capacity: CapacityGroup[] | null;
  transfers: TransferRecord[];
  /** Attributes that this version does not know, or whose value has an unexpected type, as upstream sent them. */
  extra: Record<string, unknown> | null;
};

export type CapacityGroup = {
  /** Interactions in hand per channel. Channels beyond the vendor's five are kept under their own name. */
  channels: Record<string, number>;
  allocation: string | null;
  load: number | null;
  capacity: number | null;
};

export type TransferRecord = {
  interactionId: string;
  toAgentId: string;
  startMs: number;
  endMs: number | null;
};

/** A row that cannot become a record. Kept whole, counted, shown: never dropped. */
export type QuarantinedRow = {
  reason: 'NOT_AN_OBJECT' | 'NO_EVENT_ID' | 'NO_AGENT_ID' | 'NO_START' | 'TRANSFER_INCOMPLETE';
  /** The row as upstream sent it. */
  rawJson: string;
};
