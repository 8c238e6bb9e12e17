import type { IncomingMessage } from 'node:http';
import { CloseCode, makeServer } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../../clock/clock.ts';
import { type Admission, type Authenticator, credentialsOfSocket } from '../auth/authenticate.ts';
import type { Logger } from '../logger.ts';
import type { Connection, Pipeline } from '../pipeline/index.ts';
import type { Pulse } from '../pulse.ts';
import { readInTurn } from './inbox.ts';
import { readIncoming } from './incoming.ts';
import { keepAlive } from './keepAlive.ts';
import { createOperationIds, withClientId } from './operationIds.ts';
import { createOperations } from './operations.ts';
import { createOutbox } from './outbox.ts';

export type SocketParts = {
  pipeline: Pipeline;
  authenticator: Authenticator;
  clock: Clock;
  log: Logger;
  initTimeoutMs: number;
  /** Beats when it is time for a ping. */
  pulse: Pulse;
  /** Pings without an answer after which a peer is given up. */
  unansweredPingLimit: number;
  newRequestId(): string;
  bufferLimitBytes: number;
};

/** `CloseCode` has no word for a receiver that does not keep up; 1013 is "try again later". */
const tryAgainLater = 1013;

const closeCodeOf = (admission: Admission & { ok: false }): number => {
  const { code } = admission.error.extensions;
  if (code === 'UNAUTHENTICATED' || code === 'TOKEN_EXPIRED') return CloseCode.Unauthorized;
  return code === 'NOT_READY' ? tryAgainLater : CloseCode.Forbidden;
};

/** Speaks graphql-transport-ws with one peer until it closes. */
export const openSocket = (socket: WebSocket, request: IncomingMessage, parts: SocketParts): void => {
  const { log } = parts;
  const connection: Connection = { activeStreams: 0 };
  const outbox = createOutbox(socket, request.socket, parts.bufferLimitBytes);
  const ids = createOperationIds();
  const gone = new AbortController();
  let admission: (Admission & { ok: true }) | null = null;

  const operations = createOperations({
    pipeline: parts.pipeline,
    clock: parts.clock,
    newRequestId: parts.newRequestId,
    outbox,
    ids,
    connection,
    signal: gone.signal,
    admission: () => admission,
    onTooSlow: () => socket.close(tryAgainLater, 'Consumer too slow'),
    onExpired: () => socket.close(CloseCode.Forbidden, 'Token expired'),
  });

  const protocol = makeServer<Record<string, unknown>, undefined>({
    connectionInitWaitTimeout: parts.initTimeoutMs,
    async onConnect(context) {
      const verdict = await parts.authenticator.admit(
        credentialsOfSocket(request.headers, context.connectionParams),
      );
      if (verdict.ok) {
        admission = verdict;
        return true;
      }
      const { code, ...more } = verdict.error.extensions;
      log.debug({ code, ...more }, 'socket refused');
      socket.close(closeCodeOf(verdict), `${String(code)}: ${verdict.error.message}`.slice(0, 120));
      return false;
    },
    ...operations.hooks,
  });

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => outbox.send(withClientId(text)),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        readInTurn(socket, outbox, (text) => {
          const incoming = readIncoming(text, ids);
          if (incoming === null) return;
          if ('close' in incoming) return socket.close(incoming.close.code, incoming.close.reason);
          handle(incoming.text).catch((error: unknown) => {
            log.error({ err: error }, 'unexpected error in a socket');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        }),
    },
    undefined,
  );

  // Oversized or malformed frames: ws itself closes with 1009 or 1002.
  socket.on('error', (error) => log.debug({ err: error }, 'socket error'));
  const stopPings = keepAlive(socket, parts.pulse, parts.unansweredPingLimit, operations.tooSlow);
  socket.once('close', (code, reason) => {
    stopPings();
    outbox.release();
    gone.abort();
    closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'closing a socket'));
  });
};
