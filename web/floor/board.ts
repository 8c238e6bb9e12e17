import type { StatusBase } from '../../src/client/index.ts';
import { clockFace } from './clockFace.ts';

/** Selection on AgentStatus: what a row of the board shows. */
export const STATUS_FIELDS = 'presence state since reason { name } direction';

export type Status = StatusBase & {
  agent: { name: string | null };
  presence: string;
  state: string;
  since: string | null;
  reason: { name: string | null } | null;
  direction: string | null;
};

const COLUMNS = [
  { state: 'BUSY', title: 'Busy', accent: '#1e66d0' },
  { state: 'IDLE', title: 'Idle', accent: '#1d8a4a' },
  { state: 'AWAY', title: 'Away', accent: '#c77700' },
  { state: 'UNKNOWN', title: 'Unknown', accent: '#7a3fb0' },
  { state: 'OFFLINE', title: 'Offline', accent: '#77808f' },
] as const;

const SHOWN_PER_COLUMN = 200;

const element = (tag: string, text: string): HTMLElement => {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
};

const columnOf = ({ presence, state }: Status): string => {
  if (presence === 'OFFLINE') return 'OFFLINE';
  return COLUMNS.some((column) => column.state === state) ? state : 'UNKNOWN';
};

const createColumn = (title: string, accent: string) => {
  const section = element('section', '');
  section.style.setProperty('--accent', accent);
  const heading = element('h2', title);
  const count = element('span', '');
  const list = element('ol', '');
  heading.append(count);
  section.append(heading, list);
  return { section, count, list };
};

type Board = { draw(statuses: ReadonlyMap<string, Status>, nowMs: number): void };

/** Draws everyone's state into `container`, grouped, longest in state first. */
export const createBoard = (container: HTMLElement): Board => {
  // Kept, so that a column that is scrolled stays where it is.
  const columns = COLUMNS.map(({ state, title, accent }) => ({ state, ...createColumn(title, accent) }));
  let drawn: ReadonlyMap<string, Status> | null = null;
  let faces: { node: HTMLElement; sinceMs: number }[] = [];

  const row = ({ agent, since, reason, direction }: Status): HTMLElement => {
    const line = element('li', '');
    const face = element('time', '?');
    if (since !== null) faces.push({ node: face, sinceMs: Date.parse(since) });
    line.append(element('span', agent.name ?? agent.agentId), face);
    const details = [reason?.name, direction?.toLowerCase()].filter(Boolean).join(' · ');
    if (details) line.append(element('small', details));
    return line;
  };

  const drawRows = (statuses: ReadonlyMap<string, Status>): void => {
    const longestFirst = [...statuses.values()].sort((a, b) => (a.since ?? '').localeCompare(b.since ?? ''));
    const members = Map.groupBy(longestFirst, columnOf);
    faces = [];
    for (const { state, count, list } of columns) {
      const inState = members.get(state) ?? [];
      count.textContent = String(inState.length);
      list.replaceChildren(...inState.slice(0, SHOWN_PER_COLUMN).map(row));
      const hidden = inState.length - SHOWN_PER_COLUMN;
      if (hidden > 0) list.append(element('li', `and ${hidden} more`));
    }
    if (drawn === null) container.replaceChildren(...columns.map(({ section }) => section));
    drawn = statuses;
  };

  return {
    draw(statuses, nowMs) {
      if (statuses !== drawn) drawRows(statuses);
      for (const { node, sinceMs } of faces) node.textContent = clockFace(nowMs - sinceMs);
    },
  };
};
