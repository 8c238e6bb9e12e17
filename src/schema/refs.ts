import type { AgentRow, EventRow, ReasonRow, SessionRow, TransferRow } from '../mirror/index.ts';
import { builder } from './builder.ts';

/** Types that point at each other; each is implemented in its own folder. */
export const Agent = builder.objectRef<AgentRow>('Agent');
export const Session = builder.objectRef<SessionRow>('Session');
/** An event as it is, or as it was at a revision. */
export const Event = builder.objectRef<EventRow>('Event');
export const Transfer = builder.objectRef<TransferRow>('Transfer');
/** Packed interactionId. */
export const Interaction = builder.objectRef<{ interactionId: Buffer }>('Interaction');
export const Reason = builder.objectRef<ReasonRow>('Reason');
