import { followFloor, StreamRefusedError } from 'rta-gateway/client';

/** Writes the floor down whenever it changes, until `signal` aborts. */
export const watchFloor = async (
  url: string,
  draw: (lines: string[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const { statuses, freshThrough, connected, stale } of followFloor({ url, signal })) {
      draw([
        `${statuses.size} agents, read up to ${freshThrough ?? 'nothing yet'}`,
        ...(connected ? [] : ['connection lost, trying again']),
        ...(stale ? ['STALE'] : []),
        ...[...statuses.values()].map(({ agent, state, since }) => `${agent.name}: ${state} since ${since}`),
      ]);
    }
  } catch (error) {
    // Trying again would not help: the token, or the filter, is wrong.
    if (error instanceof StreamRefusedError) draw([`refused, ${error.code}: ${error.message}`]);
    else throw error;
  }
};
