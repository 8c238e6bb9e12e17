import { openWriter } from '../../../src/mirror/index.ts';
import { writerOptions } from '../support/mirrorFile.ts';
import { frameOf } from './frames.ts';

/** Appends frame after frame to the mirror named on the command line, says each acknowledged sequence, never stops. */
const file = process.argv[2];
if (!file) throw new Error('usage: writerProcess.ts <file>');
const writer = openWriter(writerOptions(file));
for (;;) {
  const head = writer.headSeq();
  const appended = await writer.append(frameOf(head + 1), head);
  if (appended.kind !== 'APPENDED') throw new Error(JSON.stringify(appended));
  if (head % 7 === 0) writer.checkpoint();
  process.stdout.write(`${appended.seq}\n`);
  // The pipe is asynchronous: without a turn of the loop nothing would be said until the end, which never comes.
  await new Promise((resolve) => setImmediate(resolve));
}
