import {
  findTransfersOf,
  type MirrorReader,
  packId,
  readAgents,
  type TransferRow,
  unpackId,
} from '../../mirror/index.ts';
import { siblings } from '../batch.ts';
import { builder } from '../builder.ts';
import { createLoader } from '../node/loader.ts';
import { Agent, Event, Interaction, Transfer } from '../refs.ts';
import { agentOf, eventOf } from '../relations.ts';

// Whoever hands over or is handed to has a row: both are written in one transaction.
const fromAgentOf = (transfer: TransferRow, reader: MirrorReader) =>
  agentOf(transfer, 'fromAgent', reader, (one: TransferRow) => one.fromAgent)!;
const toAgentOf = (transfer: TransferRow, reader: MirrorReader) =>
  agentOf(transfer, 'toAgent', reader, (one: TransferRow) => one.toAgent)!;

/** Interaction, from, to, start: the key by which records that repeat a transfer are united. */
const keyOf = (interactionId: Buffer, fromAgentId: Buffer, toAgentId: Buffer, startMs: number): string =>
  [unpackId(interactionId), unpackId(fromAgentId), unpackId(toAgentId), startMs].join('/');

/** The transfers of an interaction are few: the one with this key is among them. */
const loadTransfer = createLoader((ids, { tenant }) => {
  const interactions = [...new Set(ids.map((id) => id.split('/')[0]!))];
  const rows = findTransfersOf(tenant.mirror, interactions.map(packId));
  siblings(rows);
  const agents = readAgents(
    tenant.mirror,
    rows.flatMap((row) => [row.fromAgent, row.toAgent]),
  );
  const byKey = new Map(
    rows.map((row) => [
      keyOf(
        row.interactionId,
        agents.get(row.fromAgent)!.agentId,
        agents.get(row.toAgent)!.agentId,
        row.startMs,
      ),
      row,
    ]),
  );
  return ids.map((id) => byKey.get(id) ?? null);
});

builder.node(Transfer, {
  description: 'An interaction handed from one agent to another, united over the events that repeat it.',
  id: {
    resolve: (transfer, _args, { tenant }) =>
      keyOf(
        transfer.interactionId,
        fromAgentOf(transfer, tenant.mirror).agentId,
        toAgentOf(transfer, tenant.mirror).agentId,
        transfer.startMs,
      ),
    description: 'Opaque id, for `node` and for caches.',
  },
  loadOne: (id: string, context) => loadTransfer(id, context),
  fields: (t) => ({
    interactionId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the interaction.",
      resolve: (transfer) => transfer.interactionId,
    }),
    interaction: t.field({
      type: Interaction,
      nullable: false,
      description: 'The interaction, with all its transfers.',
      resolve: (transfer) => transfer,
    }),
    fromAgentId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the agent who handed it over.",
      resolve: (transfer, _args, { tenant }) => fromAgentOf(transfer, tenant.mirror).agentId,
    }),
    fromAgent: t.field({
      type: Agent,
      nullable: false,
      description: 'Who handed it over.',
      resolve: (transfer, _args, { tenant }) => fromAgentOf(transfer, tenant.mirror),
    }),
    toAgentId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the agent to whom it was handed.",
      resolve: (transfer, _args, { tenant }) => toAgentOf(transfer, tenant.mirror).agentId,
    }),
    toAgent: t.field({
      type: Agent,
      nullable: false,
      description: 'To whom it was handed; perhaps an agent who was never seen otherwise.',
      resolve: (transfer, _args, { tenant }) => toAgentOf(transfer, tenant.mirror),
    }),
    event: t.field({
      type: Event,
      description: 'The first event, by order, that carries it; null when that is past its retention.',
      resolve: (transfer, _args, { tenant }) =>
        eventOf(transfer, 'event', tenant.mirror, (one: TransferRow) => one.event),
    }),
    start: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it began.',
      resolve: (transfer) => transfer.startMs,
    }),
    end: t.field({
      type: 'DateTime',
      description: 'When it ended, the latest that any event says; null while no end is known.',
      resolve: (transfer) => transfer.endMs,
    }),
    durationSeconds: t.float({
      description: 'Length in seconds, to the millisecond; null while no end is known.',
      resolve: (transfer) => (transfer.endMs === null ? null : (transfer.endMs - transfer.startMs) / 1000),
    }),
    observedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: "When the gateway read what is known of it, by the server's clock.",
      resolve: (transfer) => transfer.observedMs,
    }),
  }),
});
