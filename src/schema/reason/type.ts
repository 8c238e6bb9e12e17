import type { ReasonRow } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { Reason } from '../refs.ts';

const ReasonList = builder.objectRef<ReasonRow>('ReasonList').implement({
  description: 'A list that reasons are chosen from.',
  fields: (t) => ({
    reasonListId: t.string({
      description: "Upstream's id of the list; null when upstream gave none.",
      resolve: (reason) => reason.reasonListId || null,
    }),
    name: t.string({
      description: 'Name of the list; null when upstream gave none.',
      resolve: (reason) => reason.listName || null,
    }),
  }),
});

Reason.implement({
  description: 'Why an agent is not ready, as seen on events.',
  fields: (t) => ({
    reasonId: t.string({
      description: "Upstream's id of the reason; null when upstream gave none.",
      resolve: (reason) => reason.reasonId || null,
    }),
    name: t.string({
      description: 'Name of the reason; null when upstream gave none.',
      resolve: (reason) => reason.name || null,
    }),
    list: t.field({
      type: ReasonList,
      description: 'The list that it is of; null when upstream named none.',
      resolve: (reason) => (reason.reasonListId || reason.listName ? reason : null),
    }),
    firstSeen: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Start of the first event that bears it.',
      resolve: (reason) => reason.firstSeenMs,
    }),
    lastSeen: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Start of the last event that bears it.',
      resolve: (reason) => reason.lastSeenMs,
    }),
  }),
});
