import { useEffect, useState } from 'react';
import { type FloorView, followFloor, type StatusBase } from 'rta-gateway/client';

export type Status = StatusBase & {
  agent: { name: string | null };
  state: string | null;
  since: string | null;
};

/** The floor as React state: null until the first snapshot is whole; `error` when trying again would not help. */
export const useFloor = (url: string): { view: FloorView<Status> | null; error: Error | null } => {
  const [view, setView] = useState<FloorView<Status> | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const follow = async () => {
      for await (const next of followFloor<Status>({ url, signal: stop.signal })) setView(next);
    };
    follow().catch(setError);
    return () => stop.abort();
  }, [url]);
  return { view, error };
};

export const Wallboard = ({ url }: { url: string }) => {
  const { view, error } = useFloor(url);
  if (error) return <p role="alert">{error.message}</p>;
  if (!view) return <p>…</p>;
  return (
    <ul>
      {[...view.statuses].map(([agentId, { agent, state }]) => (
        <li key={agentId}>
          {agent.name}: {state}
        </li>
      ))}
    </ul>
  );
};
