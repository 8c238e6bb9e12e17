import { findEvents, packId, unpackId } from '../../mirror/index.ts';
import { inOrder } from '../node/inOrder.ts';
import { createLoader } from '../node/loader.ts';

/** An event by eventId. */
export const loadEvent = createLoader((ids, { tenant }) =>
  inOrder(ids, findEvents(tenant.mirror, ids.map(packId)), (event) => unpackId(event.eventId)),
);
