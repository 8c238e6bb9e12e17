import type { FloorView } from '../../src/client/index.ts';
import { clockFace } from './clockFace.ts';

type Shown = Pick<FloorView<unknown>, 'freshThrough' | 'health' | 'connected' | 'stale'>;

const readUpTo = (freshThrough: string, nowMs: number): string => {
  const freshThroughMs = Date.parse(freshThrough);
  const instant = new Date(freshThroughMs).toLocaleTimeString();
  return `read up to ${instant}, ${clockFace(nowMs - freshThroughMs)} ago`;
};

/**
 * What whoever looks at the board must know of it; null: it can be trusted. `interruption` is the code of what broke the
 * connection last.
 */
export const warningOf = (view: Shown | null, interruption: string | null, nowMs: number): string | null => {
  const because = interruption === null ? '' : ` (${interruption})`;
  if (view === null) return interruption === null ? null : `No connection yet${because}; trying again.`;
  const { freshThrough, health, connected, stale } = view;
  const age = freshThrough === null ? 'nothing read yet' : readUpTo(freshThrough, nowMs);
  if (!connected) return `Connection lost${because}; trying again. What is shown is old: ${age}.`;
  if (health !== 'OK') return `The feed is ${health}: what is shown may be old, ${age}.`;
  if (freshThrough === null) return 'Nothing has been read from the feed yet.';
  return stale ? `Stale: ${age}.` : null;
};
