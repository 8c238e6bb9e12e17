/** One element of the page's `results`, as the vendor's sample has it. Any attribute may be missing. */
export type PageRecord = {
  platformAgentId?: number;
  eventType?: string;
  loginTimestamp?: string;
  nextEventId?: string;
  agentName?: string;
  sessionId?: string;
  capacity?: PageCapacityGroup[];
  transfers?: PageTransfer[];
  agentId?: string;
  presence?: string;
  end?: string;
  durationSeconds?: number;
  state?: string;
  reasonName?: string | null;
  reasonListName?: string | null;
  eventId?: string;
  reasonListId?: string | null;
  reasonId?: string | null;
  start?: string;
  tenantAgentId?: number;
  allocation?: string;
  direction?: string;
  /** Attributes that the vendor's page does not list. */
  [unlisted: string]: unknown;
};

export type PageCapacityGroup = {
  channels: Record<string, number>;
  allocation: string;
  load: number;
  capacity: number;
};

export type PageTransfer = {
  interactionId: string;
  toAgentId: string;
  transferStartTimestamp: string;
  transferEndTimestamp?: string;
};

/** A page's row: a record, or whatever a malformed one is. */
export type PageRow = PageRecord | string | number | null;
