import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { differences, readFolder } from '../../.ci/folders.ts';
import { temporaryFolder } from '../e2e/support/program.ts';

const folderOf = (files: Record<string, string>): string => {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
};

const compare = (committed: Record<string, string>, made: Record<string, string>) =>
  differences(readFolder(folderOf(committed)), readFolder(folderOf(made)));

test('folders with the same files are the same', () => {
  expect(compare({ a: '1', 'in/b': '2' }, { 'in/b': '2', a: '1' })).toEqual([]);
});

test('a file that is new, gone or different is told, also where their number is the same', () => {
  expect(compare({ a: '1', 'in/b': '2', c: '3' }, { a: '1', 'in/b': 'x', d: '3' })).toEqual([
    'c is not made any more',
    'd is not committed',
    'in/b differs',
  ]);
});

test('a folder that is not there holds nothing', () => {
  expect(differences(readFolder(join(temporaryFolder(), 'nowhere')), new Map([['a', Buffer.of(1)]]))).toEqual(
    ['a is not committed'],
  );
});
