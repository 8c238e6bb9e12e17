export type Status = {
  presence: string;
  state: string;
  since: string | null;
  reason: { name: string | null } | null;
  direction: string | null;
};

export type Change = {
  kind: 'ENTERED' | 'CHANGED' | 'REVISED' | 'LEFT';
  agent: { agentId: string; name: string | null };
  after: Status | null;
};

type Row = { name: string; status: Status };

const columns = [
  { state: 'BUSY', title: 'Busy', accent: '#1e66d0' },
  { state: 'IDLE', title: 'Idle', accent: '#1d8a4a' },
  { state: 'AWAY', title: 'Away', accent: '#c77700' },
  { state: 'UNKNOWN', title: 'Unknown', accent: '#7a3fb0' },
  { state: 'OFFLINE', title: 'Offline', accent: '#77808f' },
] as const;

const shownPerColumn = 200;

const element = (tag: string, text: string, className?: string): HTMLElement => {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
};

const columnOf = ({ presence, state }: Status): string => {
  if (presence === 'OFFLINE') return 'OFFLINE';
  return columns.some((column) => column.state === state) ? state : 'UNKNOWN';
};

/** Hours, minutes and seconds in a state. */
export const clockFace = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
};

/** Everyone's state, grouped, longest in state first. */
export const createBoard = (container: HTMLElement) => {
  const rows = new Map<string, Row>();

  const item = (row: Row, nowMs: number): HTMLElement => {
    const line = element('li', '');
    const sinceMs = row.status.since === null ? null : Date.parse(row.status.since);
    line.append(
      element('span', row.name),
      element('time', sinceMs === null ? '?' : clockFace(nowMs - sinceMs)),
    );
    const details = [row.status.reason?.name, row.status.direction?.toLowerCase()]
      .filter(Boolean)
      .join(' · ');
    if (details) line.append(element('small', details));
    return line;
  };

  return {
    clear: () => rows.clear(),
    apply(changes: readonly Change[]): void {
      for (const { kind, agent, after } of changes) {
        if (after && kind !== 'LEFT')
          rows.set(agent.agentId, { name: agent.name ?? agent.agentId, status: after });
        else rows.delete(agent.agentId);
      }
    },
    draw(nowMs: number): void {
      const all = [...rows.values()].sort((a, b) =>
        (a.status.since ?? '').localeCompare(b.status.since ?? ''),
      );
      const sections = columns.map(({ state, title, accent }) => {
        const members = all.filter((row) => columnOf(row.status) === state);
        const section = element('section', '');
        section.style.setProperty('--accent', accent);
        const heading = element('h2', title);
        heading.append(element('span', String(members.length)));
        const list = element('ol', '');
        list.append(...members.slice(0, shownPerColumn).map((row) => item(row, nowMs)));
        if (members.length > shownPerColumn) {
          list.append(element('li', `and ${members.length - shownPerColumn} more`));
        }
        section.append(heading, list);
        return section;
      });
      container.replaceChildren(...sections);
    },
  };
};
