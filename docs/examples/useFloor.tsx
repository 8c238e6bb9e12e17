import { useEffect, useState } from 'react';
import { type FloorStatus, type FloorView, followFloor } from 'rta-gateway/client';

export type FloorState = {
  /** Null until the first snapshot is whole. */
  view: FloorView<FloorStatus> | null;
  /** Set when trying again would not help. */
  error: unknown;
};

const nothingYet: FloorState = { view: null, error: null };

/** The floor as React state, for as long as the component is there. */
export const useFloor = (url: string): FloorState => {
  const [floor, setFloor] = useState(nothingYet);
  useEffect(() => {
    const stop = new AbortController();
    const follow = async () => {
      for await (const view of followFloor({ url, signal: stop.signal })) setFloor({ view, error: null });
    };
    setFloor(nothingYet);
    follow().catch((error: unknown) => setFloor({ view: null, error }));
    return () => stop.abort();
  }, [url]);
  return floor;
};

export const Wallboard = ({ url }: { url: string }) => {
  const { view, error } = useFloor(url);
  if (error) return <p role="alert">{String(error)}</p>;
  if (!view) return <p>Connecting…</p>;
  return (
    <>
      {!view.connected && <p role="status">Connection lost, trying again.</p>}
      {view.stale && <p role="status">Stale: read up to {view.freshThrough ?? 'nothing yet'}.</p>}
      <ul>
        {[...view.statuses].map(([agentId, { agent, state }]) => (
          <li key={agentId}>
            {agent.name}: {state}
          </li>
        ))}
      </ul>
    </>
  );
};
