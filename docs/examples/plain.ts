import { followFloor, type StatusBase, StreamRefusedError } from 'rta-gateway/client';

type Status = StatusBase & { agent: { name: string | null }; state: string | null; since: string | null };

/** Writes the floor down whenever it changes, until `signal` aborts. */
export const watchFloor = async (
  url: string,
  draw: (lines: string[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const { statuses, freshThrough, health } of followFloor<Status>({ url, signal })) {
      draw([
        `${statuses.size} agents, read up to ${freshThrough ?? 'nothing yet'} (${health})`,
        ...[...statuses.values()].map(({ agent, state, since }) => `${agent.name}: ${state} since ${since}`),
      ]);
    }
  } catch (error) {
    // Trying again would not help: the token, or the filter, is wrong.
    if (error instanceof StreamRefusedError) draw([`refused, ${error.code}: ${error.message}`]);
    else throw error;
  }
};
