import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMirrorReader, openWriter } from '../../src/mirror/index.ts';
import { decodeStreamCursor, headCursor } from '../../src/schema/cursors/streamCursor.ts';
import { createBusyFloor } from './floor.ts';
import { machineMs, sleep } from './machine.ts';

/** `seq`: head of the change log behind it. */
export type Commit = { seq: number; atMs: number };

export type Feed = {
  file: string;
  tenantId: string;
  /** Appends one frame of so many changes of status. */
  commit(changes: number): Promise<Commit>;
  /** A commit every `everyMs`; `onCommit` right after each. */
  run(
    commits: number,
    everyMs: number,
    changes: number,
    onCommit: (index: number) => void,
  ): Promise<Commit[]>;
  seqOf(cursor: string): number;
  headCursor(): string;
  close(): void;
};

/** A mirror in a file of its own, written here. */
export const openFeed = (agents: number): Feed => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-bench-'));
  const file = join(folder, 'mirror.db');
  const tenantId = 'bench';
  const writer = openWriter({ file, tenantId, randomBytes });
  const reader = createMirrorReader(file);
  const floor = createBusyFloor(agents, Math.floor(Date.now() / 1_000) * 1_000 - 4 * 3_600_000);
  const commit = async (changes: number): Promise<Commit> => {
    const appended = await writer.append(floor.frame(changes), writer.headSeq());
    if (appended.kind !== 'APPENDED') throw new Error(JSON.stringify(appended));
    return { seq: writer.changeSeq(), atMs: machineMs() };
  };
  return {
    file,
    tenantId,
    commit,
    async run(commits, everyMs, changes, onCommit) {
      const done: Commit[] = [];
      const startMs = machineMs();
      for (let index = 0; index < commits; index++) {
        await sleep(Math.max(0, startMs + index * everyMs - machineMs()));
        done.push(await commit(changes));
        onCommit(index);
      }
      return done;
    },
    seqOf: (cursor) => decodeStreamCursor(reader, cursor),
    headCursor: () => headCursor(reader),
    close() {
      reader.close();
      writer.close();
      rmSync(folder, { recursive: true });
    },
  };
};
