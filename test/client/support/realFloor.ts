import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/clock/systemClock.ts';
import { openWriter } from '../../../src/mirror/index.ts';
import { fixedPort } from '../../e2e/support/fixedPort.ts';
import { ask } from '../../e2e/support/graphqlClient.ts';
import { type RunningGateway, startGateway, temporaryFolder } from '../../e2e/support/program.ts';
import { startUpstream, TENANT_ID } from '../../e2e/support/upstream.ts';

export const socketUrl = (url: string): string => `${url.replace(/^http/, 'ws')}/graphql`;

/** Agents come into it and leave it all the time: a board that misses a LEFT keeps ghosts. */
export const BUSY = { state: { eq: 'BUSY' } };

/** Who is busy in which state since when, as a query tells it now. */
export const busyNow = async (url: string): Promise<Record<string, string>> => {
  type Answer = { agentStatuses: { nodes: { agent: { agentId: string }; since: string | null }[] } };
  const { agentStatuses } = await ask<Answer>(
    url,
    `query Busy($filter: AgentStatusFilter) {
      agentStatuses(filter: $filter, first: 1000) { nodes { agent { agentId } since } }
    }`,
    { filter: BUSY },
  );
  return Object.fromEntries(agentStatuses.nodes.map(({ agent, since }) => [agent.agentId, String(since)]));
};

export type RealFloor = {
  /** Where the gateway is at each of its lives. */
  url: string;
  /** Ends this life. */
  stop(how: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  /** A life on another port: the mirror goes on, and nobody who follows the floor sees it. */
  liveElsewhere(meanwhile: (url: string) => Promise<unknown>): Promise<void>;
  /** Every change is past its retention. Between two lives only. */
  forgetChanges(): void;
};

/** A gateway in a process of its own over a busy floor; it keeps its port and its mirror from life to life. */
export const startRealFloor = async (): Promise<RealFloor> => {
  const { environment } = await startUpstream({ agents: 1_500 });
  const file = join(temporaryFolder(), 'mirror.sqlite');
  const elsewhere = { ...environment, RTA_DATABASE: file };
  const settings = { ...elsewhere, PORT: String(await fixedPort(Math.random)) };
  let gateway: RunningGateway = await startGateway(settings);
  const { url } = gateway;
  const end = async (life: RunningGateway, how: NodeJS.Signals) => {
    life.child.kill(how);
    await life.exited;
  };
  return {
    url,
    stop: (how) => end(gateway, how),
    async start() {
      gateway = await startGateway(settings);
    },
    async liveElsewhere(meanwhile) {
      const other = await startGateway(elsewhere);
      await meanwhile(other.url);
      await end(other, 'SIGTERM');
    },
    forgetChanges() {
      const writer = openWriter({
        file,
        tenantId: TENANT_ID,
        randomBytes: (size) => Buffer.alloc(size),
      });
      onTestFinished(() => writer.close());
      const options = {
        nowMs: systemClock.nowMs(),
        eventRetentionMs: 86_400_000,
        changeRetentionMs: -86_400_000,
        maxRows: 10_000,
      };
      while (writer.prune(options));
      writer.close();
    },
  };
};
