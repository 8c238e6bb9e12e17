import './floor.css';
import { askForKey } from '../credentials.ts';
import { readPageData } from '../pageData.ts';
import { type Change, clockFace, createBoard } from './board.ts';
import { subscribe } from './socket.ts';

type Batch = {
  phase: 'SNAPSHOT' | 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';
  cursor: string;
  freshThrough: string | null;
  health: string;
  changes: Change[];
};

const query = `subscription Floor($after: Cursor, $snapshot: Boolean!) {
  stateChanges(after: $after, snapshot: $snapshot, batchSize: 500) {
    phase cursor freshThrough health
    changes {
      kind
      agent { agentId name }
      after { presence state since reason { name } direction }
    }
  }
}`;

/** Older than this, the board is shown, and shown to be old. */
const staleMs = 60_000;

const need = (id: string): HTMLElement => {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no #${id}`);
  return node;
};

const board = createBoard(need('board'));
const banner = need('banner');
const freshness = need('freshness');

let cursor: string | null = null;
let snapshotDone = false;
let freshThroughMs: number | null = null;
let health = 'STARTING';
let trouble: string | null = null;

const warningOf = (nowMs: number): string | null => {
  if (trouble) return trouble;
  if (health !== 'OK') return `The feed is ${health}: what is shown may be old.`;
  if (freshThroughMs === null) return 'Nothing has been read from the feed yet.';
  return nowMs - freshThroughMs > staleMs
    ? `Stale: the feed ends ${clockFace(nowMs - freshThroughMs)} ago.`
    : null;
};

const draw = (): void => {
  const nowMs = Date.now();
  board.draw(nowMs);
  const warning = warningOf(nowMs);
  banner.hidden = warning === null;
  banner.textContent = warning ?? '';
  freshness.textContent =
    freshThroughMs === null ? '' : `Fresh through ${new Date(freshThroughMs).toLocaleTimeString()}`;
};

const take = ({ phase, cursor: next, freshThrough, health: now, changes }: Batch): void => {
  if (phase === 'SNAPSHOT' && !snapshotDone && cursor === null) board.clear();
  board.apply(changes);
  if (phase !== 'SNAPSHOT') snapshotDone = true;
  // A cursor inside a snapshot is no place to resume: the rest of the floor would be missing.
  if (snapshotDone) cursor = next;
  freshThroughMs = freshThrough === null ? null : Date.parse(freshThrough);
  health = now;
  trouble = null;
};

const startOver = (): void => {
  cursor = null;
  snapshotDone = false;
};

const start = (key: string | null): void => {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  subscribe<{ stateChanges: Batch }>({
    url: url.href,
    query,
    variables: () => ({ after: cursor, snapshot: cursor === null }),
    connectionParams: () => (key ? { authorization: `Bearer ${key}` } : {}),
    onConnected: () => {
      trouble = null;
      if (cursor === null) snapshotDone = false;
    },
    onData: ({ stateChanges }) => take(stateChanges),
    onError({ code, message }) {
      if (code === 'STREAM_CURSOR_EXPIRED' || code === 'STREAM_CURSOR_FUTURE' || code === 'CURSOR_MALFORMED')
        startOver();
      trouble = message;
    },
    onDisconnected(refused, reason) {
      trouble = refused ? `Refused: ${reason}` : 'Connection lost; trying again. What is shown is old.';
      if (refused) askForKey(start);
    },
  });
};

setInterval(draw, 1000);
if (readPageData().needsCredentials) askForKey(start);
else start(null);
