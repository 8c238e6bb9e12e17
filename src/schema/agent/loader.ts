import { findAgents, packId, unpackId } from '../../mirror/index.ts';
import { inOrder } from '../node/inOrder.ts';
import { createLoader } from '../node/loader.ts';

/** An agent by agentId. */
export const loadAgent = createLoader((ids, { tenant }) =>
  inOrder(ids, findAgents(tenant.mirror, ids.map(packId)), (agent) => unpackId(agent.agentId)),
);
