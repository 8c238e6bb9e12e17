import { expect, test } from 'vitest';
import { type Batch, createBoard } from '../../src/client/board.ts';

type Status = { agent: { agentId: string }; state: string };

const batch = (phase: Batch<Status>['phase'], ...told: string[]): Batch<Status> => ({
  phase,
  cursor: 'c',
  freshThrough: null,
  completeThrough: null,
  health: 'OK',
  changes: told.map((one) => {
    const [kind, agentId, state] = one.split(' ') as [
      Batch<Status>['changes'][number]['kind'],
      string,
      string?,
    ];
    return { kind, agent: { agentId }, after: state ? { agent: { agentId }, state } : null };
  }),
});

const boardOf = (...agents: string[]) => {
  const board = createBoard<Status>();
  board.apply(batch('SNAPSHOT_END', ...agents.map((agentId) => `ENTERED ${agentId} IDLE`)));
  board.takeView();
  return board;
};

const changesOf = (board: ReturnType<typeof boardOf>) =>
  board.takeView()?.changes.map(({ kind, agentId, after }) => `${kind} ${agentId} ${after?.state ?? '-'}`);

test('what happened between two views is told against the view before', () => {
  const board = boardOf('stays', 'goes', 'returns', 'revised');
  board.apply(batch('LIVE', 'ENTERED visits IDLE', 'LEFT visits', 'ENTERED comes IDLE', 'LEFT goes'));
  board.apply(
    batch('LIVE', 'LEFT returns', 'ENTERED returns AWAY', 'REVISED revised BUSY', 'CHANGED comes BUSY'),
  );
  expect(changesOf(board)).toEqual([
    'LEFT goes -',
    'CHANGED returns AWAY',
    'REVISED revised BUSY',
    'ENTERED comes BUSY',
  ]);
});

test('that somebody left who was not on the board is no change', () => {
  const board = boardOf('ann');
  board.apply(batch('LIVE', 'LEFT stranger'));
  expect(board.takeView()).toMatchObject({ phase: 'HEARTBEAT', changes: [] });
  board.apply(batch('LIVE', 'LEFT late', 'ENTERED late IDLE'));
  expect(changesOf(board)).toEqual(['ENTERED late IDLE']);
});

test('a heartbeat shows the same map, a change another', () => {
  const board = boardOf('ann');
  board.apply(batch('HEARTBEAT'));
  const before = board.takeView()?.statuses;
  board.apply(batch('HEARTBEAT'));
  expect(board.takeView()?.statuses).toBe(before);
  board.apply(batch('LIVE', 'CHANGED ann BUSY'));
  const after = board.takeView()?.statuses;
  expect(after).not.toBe(before);
  expect([before?.get('ann')?.state, after?.get('ann')?.state]).toEqual(['IDLE', 'BUSY']);
});

test('nothing is shown before the first snapshot is whole, whatever else is known', () => {
  const board = createBoard<Status>();
  board.setConnected(true);
  board.apply(batch('SNAPSHOT', 'ENTERED ann IDLE'));
  board.setStandstill(true);
  expect(board.takeView()).toBeNull();
});

test('changes that came after an unread snapshot are part of it', () => {
  const board = boardOf('old');
  board.apply(batch('SNAPSHOT', 'ENTERED ann IDLE'));
  board.apply(batch('SNAPSHOT_END', 'ENTERED bob IDLE'));
  board.apply(batch('LIVE', 'LEFT ann'));
  const view = board.takeView();
  expect(view).toMatchObject({ phase: 'SNAPSHOT_END', changes: [] });
  expect([...(view?.statuses.keys() ?? [])]).toEqual(['bob']);
});
