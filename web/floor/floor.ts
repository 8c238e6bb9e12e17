import './floor.css';
import { type FloorView, followFloor, StreamRefusedError } from '../../src/client/index.ts';
import { askForKey } from '../credentials.ts';
import { readPageData } from '../pageData.ts';
import { createBoard, STATUS_FIELDS, type Status } from './board.ts';
import { createUpstreamClock } from './upstreamClock.ts';
import { warningOf } from './warning.ts';

const url = '/graphql';

const need = (id: string): HTMLElement => {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no #${id}`);
  return node;
};

const board = createBoard(need('board'));
const banner = need('banner');
const freshness = need('freshness');
const clock = createUpstreamClock();
const { needsCredentials } = readPageData();

let shown: FloorView<Status> | null = null;
let interruption: string | null = null;
let refusal: string | null = null;

const draw = (): void => {
  const nowMs = clock.nowMs();
  if (shown) {
    board.draw(shown.statuses, nowMs);
    freshness.textContent = shown.freshThrough
      ? `Fresh through ${new Date(shown.freshThrough).toLocaleTimeString()}`
      : '';
  }
  const warning = refusal ?? warningOf(shown, interruption, nowMs);
  banner.hidden = warning === null;
  banner.textContent = warning ?? '';
};

const follow = async (credentials: Record<string, string>): Promise<void> => {
  let wasConnected = false;
  for await (const view of followFloor<Status>({
    url,
    fields: STATUS_FIELDS,
    connectionParams: credentials,
    onInterrupted({ code }) {
      interruption = code;
      draw();
    },
  })) {
    // Whatever comes of it, the clock goes on as it was.
    if (view.connected && !wasConnected) clock.set(url, credentials).then(draw, () => {});
    wasConnected = view.connected;
    shown = view;
    draw();
    // What comes meanwhile is one view: 200 batches at once, on a floor of 1,000, are drawn in 1.3 s instead of 4 s.
    await new Promise(requestAnimationFrame);
  }
};

const start = (key: string | null): void => {
  refusal = null;
  interruption = null;
  freshness.textContent = 'Connecting…';
  draw();
  follow(key === null ? {} : { authorization: `Bearer ${key}` }).catch((error: unknown) => {
    const refused = error instanceof StreamRefusedError;
    refusal = `${refused ? 'Refused' : 'This page has failed'}: ${error instanceof Error ? error.message : error}`;
    draw();
    if (refused && (needsCredentials || error.code === 'UNAUTHENTICATED')) askForKey(start);
  });
};

// Times in a state go on between two views.
setInterval(draw, 1000);
if (needsCredentials) askForKey(start);
else start(null);
