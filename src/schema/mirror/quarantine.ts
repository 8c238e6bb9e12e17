import { MOST_QUARANTINED, type QuarantineReason, type QuarantineRow } from '../../mirror/index.ts';
import { builder } from '../builder.ts';

const MEANINGS: Record<QuarantineReason, string> = {
  NOT_AN_OBJECT: 'it is no JSON object',
  NO_EVENT_ID: 'it has no `eventId`, or one that is no UUID',
  NO_AGENT_ID: 'it has no `agentId`, or one that is no UUID',
  NO_START: 'it has no `start` that could be read, nor an `eventId` of version 1, which would hold its time',
  TRANSFER_INCOMPLETE: 'one of its hand-overs lacks who, when or of what; the record itself is held',
  OTHER_AGENT: 'its event is held already, as that of another agent',
  FUTURE_START: 'it begins in time to come; it is read again when that has come',
  NOT_STORED: `no row, but the count of all for which no room was left beside ${MOST_QUARANTINED.toLocaleString('en')}`,
};

const meanings = Object.entries(MEANINGS)
  .map(([reason, meaning]) => `- ${reason}: ${meaning}.`)
  .join('\n');

const QuarantinedRowType = builder.objectRef<QuarantineRow>('QuarantinedRow').implement({
  description: 'A row of upstream, or a part of one, that could not become a record.',
  fields: (t) => ({
    reason: t.exposeString('reason', {
      nullable: false,
      description: `What is wrong with it, in a word that does not change:\n${meanings}`,
    }),
    rawJson: t.exposeString('rawJson', {
      nullable: false,
      description:
        'The row as upstream sent it; of TRANSFER_INCOMPLETE the hand-over with the ids of its event and agent, of OTHER_AGENT and FUTURE_START the record as it was understood. Empty for NOT_STORED.',
    }),
    firstSeen: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was first read.',
      resolve: (row) => row.firstSeenMs,
    }),
    lastSeen: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was last read.',
      resolve: (row) => row.lastSeenMs,
    }),
    count: t.exposeInt('count', {
      nullable: false,
      description: 'How often it was read; of NOT_STORED how often any was that is not kept.',
    }),
  }),
});

export const Quarantine = builder
  .objectRef<{ total: number; rows: QuarantineRow[] }>('Quarantine')
  .implement({
    description: 'Rows that could not become records.',
    fields: (t) => ({
      total: t.exposeInt('total', {
        nullable: false,
        description: 'Different rows that are kept; the one of NOT_STORED is among them.',
      }),
      newest: t.field({
        type: [QuarantinedRowType],
        nullable: { list: false, items: false },
        description: 'Those that were read last, 50 at most.',
        resolve: ({ rows }) => rows,
      }),
    }),
  });
