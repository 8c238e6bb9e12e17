import type { IdSource } from './ids.ts';

export type Reason = { id: IdSource; name: string; listId: IdSource; listName: string };

/** Reasons are set up once, long before the history that the feed shows. */
const SETUP_MS = Date.UTC(2017, 7, 23, 9, 0, 0);

const list = (name: string, salt: number, reasonNames: readonly string[]): Reason[] =>
  reasonNames.map((reasonName, index) => ({
    id: { idMs: SETUP_MS + salt * 60_000 + index * 7_003, salt: salt * 100 + index },
    name: reasonName,
    listId: { idMs: SETUP_MS + salt * 1_000, salt },
    listName: name,
  }));

const all: readonly Reason[] = [
  ...list('System Presence Reasons', 1, ['Logged in']),
  ...list('Away Reasons', 2, ['Break', 'Lunch', 'Personal']),
  ...list('Work Reasons', 3, ['Back office', 'Training', 'Meeting', 'Coaching']),
  ...list('Technical Reasons', 4, ['System issue']),
];

export const reasonNamed = (name: string): Reason => {
  const reason = all.find((candidate) => candidate.name === name);
  if (!reason) throw new Error(`The simulator has no reason called "${name}"`);
  return reason;
};
