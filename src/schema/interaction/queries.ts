import { findTransfersOf, packId } from '../../mirror/index.ts';
import { only } from '../batch.ts';
import { builder } from '../builder.ts';
import { Interaction } from '../refs.ts';

builder.queryField('interaction', (t) =>
  t.field({
    type: Interaction,
    description: 'One interaction and how it was handed on; null when no transfer of it is known.',
    args: {
      interactionId: t.arg({
        type: 'UUID',
        required: true,
        description: "Upstream's id of the interaction.",
      }),
    },
    resolve: (_root, { interactionId }, { tenant }) => {
      const packed = packId(interactionId);
      const [transfer] = findTransfersOf(tenant.mirror, [packed]);
      return transfer ? only({ interactionId: packed }) : null;
    },
  }),
);
