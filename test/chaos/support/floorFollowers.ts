import { WebSocket } from 'ws';
import { followFloor } from '../../../src/client/index.ts';
import { statusText } from './facts.ts';
import { type SentStatus, STATUS_FIELDS, type StatusTopic, statusFactsOf } from './topics.ts';

export type FloorFollower = {
  topic: StatusTopic;
  board(): Map<string, string>;
  cursor(): string | null;
  /** What followFloor threw; null as long as it follows. */
  failed(): unknown;
  /** Pulls the plug. */
  cut(): void;
};

/** A board that the project's own client keeps, over a socket that can be cut. */
export const followAsFloor = (url: string, topic: StatusTopic, signal: AbortSignal): FloorFollower => {
  let socket: WebSocket | null = null;
  let board = new Map<string, string>();
  let cursor: string | null = null;
  let failed: unknown = null;
  class CuttableSocket extends WebSocket {
    constructor(...parts: ConstructorParameters<typeof WebSocket>) {
      super(...parts);
      socket = this;
    }
  }
  const follow = async () => {
    const views = followFloor<SentStatus & { agent: { agentId: string } }>({
      url,
      filter: topic.filter,
      fields: STATUS_FIELDS,
      webSocketImpl: CuttableSocket,
      retry: { minMs: 50, maxMs: 500 },
      signal,
    });
    for await (const view of views) {
      cursor = view.cursor;
      board = new Map(
        [...view.statuses].map(([agentId, status]) => [agentId, statusText(statusFactsOf(agentId, status))]),
      );
    }
  };
  follow().catch((error: unknown) => {
    failed = error;
  });
  return {
    topic,
    board: () => board,
    cursor: () => cursor,
    failed: () => failed,
    cut: () => socket?.terminate(),
  };
};
