import { findTransfersOf, type MirrorReader, readAgents, type TransferRow } from '../../mirror/index.ts';
import { batched, siblings } from '../batch.ts';
import { builder } from '../builder.ts';
import { Interaction, Transfer } from '../refs.ts';
import { chainOf, haveTies, type Link } from './chain.ts';

type InteractionRow = { interactionId: Buffer };

/** Upstream's ids of the agents of these transfers, by row id. */
const agentKeys = (reader: MirrorReader, transfers: readonly TransferRow[]) => {
  const agents = readAgents(
    reader,
    transfers.flatMap(({ fromAgent, toAgent }) => [fromAgent, toAgent]),
  );
  return (agent: number): string => agents.get(agent)?.agentId.toString('hex') ?? '';
};

const linksOf = (interaction: InteractionRow, reader: MirrorReader): readonly Link[] =>
  batched(interaction, 'interaction', (rows: readonly InteractionRow[]) => {
    const ids = new Map(rows.map((row) => [row.interactionId.toString('hex'), row.interactionId]));
    const transfers = findTransfersOf(reader, [...ids.values()]);
    siblings(transfers);
    const byInteraction = Map.groupBy(transfers, (one) => one.interactionId.toString('hex'));
    const keyOf = agentKeys(reader, [...byInteraction.values()].filter(haveTies).flat());
    return new Map([...ids.keys()].map((id) => [id, chainOf(byInteraction.get(id) ?? [], keyOf)]));
  }).get(interaction.interactionId.toString('hex')) ?? [];

const latestEnd = (transfers: readonly TransferRow[]): number | null =>
  transfers.reduce<number | null>(
    (latest, { endMs }) => (latest === null || endMs === null ? null : Math.max(latest, endMs)),
    Number.NEGATIVE_INFINITY,
  );

const InteractionLink = builder.objectRef<Link>('InteractionLink').implement({
  description: 'One hand-over in the course of an interaction.',
  fields: (t) => ({
    transfer: t.field({
      type: Transfer,
      nullable: false,
      description: 'The hand-over.',
      resolve: (link) => link.transfer,
    }),
    after: t.field({
      type: Transfer,
      description:
        'The hand-over that had brought it to whoever hands it over here; null for those with whom it began, and where the chain is broken.',
      resolve: (link) => link.after,
    }),
    broken: t.boolean({
      nullable: false,
      description:
        'Whether a hand-over is missing: somebody hands on what, as far as is known, was never handed to them.',
      resolve: (link) => link.broken,
    }),
  }),
});

Interaction.implement({
  description:
    'What customer and agents have to do with each other, as far as it was transferred: no record speaks of others.',
  fields: (t) => ({
    interactionId: t.field({
      type: 'UUID',
      nullable: false,
      description: "Upstream's id of the interaction.",
      resolve: (interaction) => interaction.interactionId,
    }),
    transfers: t.field({
      type: [Transfer],
      nullable: { list: false, items: false },
      description:
        'All its transfers, the earliest first; of those that begin at one instant, a hand-over comes behind the one that brought it to whoever makes it.',
      resolve: (interaction, _args, { tenant }) =>
        linksOf(interaction, tenant.mirror).map((link) => link.transfer),
    }),
    chain: t.field({
      type: [InteractionLink],
      nullable: { list: false, items: false },
      description: 'The same transfers, each with the one that it follows from.',
      resolve: (interaction, _args, { tenant }) => linksOf(interaction, tenant.mirror),
    }),
    broken: t.boolean({
      nullable: false,
      description: 'Whether any hand-over is missing in the chain.',
      resolve: (interaction, _args, { tenant }) =>
        linksOf(interaction, tenant.mirror).some((link) => link.broken),
    }),
    start: t.field({
      type: 'DateTime',
      description: 'When its first transfer began; null when it has none.',
      resolve: (interaction, _args, { tenant }) =>
        linksOf(interaction, tenant.mirror)[0]?.transfer.startMs ?? null,
    }),
    end: t.field({
      type: 'DateTime',
      description: 'When its last transfer ended; null while an end is unknown.',
      resolve: (interaction, _args, { tenant }) => {
        const links = linksOf(interaction, tenant.mirror);
        return links.length === 0 ? null : latestEnd(links.map((link) => link.transfer));
      },
    }),
  }),
});
