import { findSessions, packId, unpackId } from '../../mirror/index.ts';
import { inOrder } from '../node/inOrder.ts';
import { createLoader } from '../node/loader.ts';

/** A session by sessionId. */
export const loadSession = createLoader((ids, { tenant }) =>
  inOrder(ids, findSessions(tenant.mirror, ids.map(packId)), (session) => unpackId(session.sessionId)),
);
