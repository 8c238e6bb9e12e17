import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type MirrorWriter, openWriter, type WriterOptions } from '../../../src/mirror/index.ts';
import type { Appended, Frame } from '../../../src/poller/index.ts';

export const TENANT = '5b1a7c10-0d3e-11e8-9f5b-0fc9cd50d3ff';
export const GENESIS_MS = Date.UTC(2026, 10, 23, 9);

export const emptyFrame = (observedMs: number): Frame => ({
  observedMs,
  records: [],
  quarantined: [],
  coverage: [],
  audits: { put: [], remove: [] },
  status: null,
});

export type MirrorFile = {
  file: string;
  writer: MirrorWriter;
  /** Appends at the head; fails the test when the log refuses. */
  append(part: Partial<Frame>): Promise<Extract<Appended, { kind: 'APPENDED' }>>;
  /** Rows of a query on a connection of its own, as any other process would see them. */
  rows<Row>(sql: string, ...params: unknown[]): Row[];
  reopen(options?: Partial<WriterOptions>): MirrorWriter;
  dispose(): void;
};

/** A folder that is gone after `dispose`. */
export const temporaryFolder = (): { folder: string; dispose(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-mirror-'));
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
};

export const writerOptions = (file: string): WriterOptions => ({
  file,
  tenantId: TENANT,
  randomBytes: (size) => Buffer.alloc(size, 7),
});

/** A real mirror in a folder of its own. */
export const openMirrorFile = (options: Partial<WriterOptions> = {}): MirrorFile => {
  const { folder, dispose } = temporaryFolder();
  const file = join(folder, 'mirror.db');
  let observedMs = GENESIS_MS;
  let reader: Database.Database | null = null;
  const mirror: MirrorFile = {
    file,
    writer: openWriter({ ...writerOptions(file), ...options }),
    async append(part) {
      observedMs = part.observedMs ?? observedMs + 5_000;
      const appended = await mirror.writer.append(
        { ...emptyFrame(observedMs), ...part },
        mirror.writer.headSeq(),
      );
      if (appended.kind !== 'APPENDED') throw new Error(JSON.stringify(appended));
      return appended;
    },
    rows<Row>(sql: string, ...params: unknown[]) {
      reader ??= new Database(file, { readonly: true });
      return reader.prepare<unknown[], Row>(sql).all(...params);
    },
    reopen(changed = {}) {
      reader?.close();
      reader = null;
      mirror.writer.close();
      mirror.writer = openWriter({ ...writerOptions(file), ...options, ...changed });
      return mirror.writer;
    },
    dispose() {
      reader?.close();
      mirror.writer.close();
      dispose();
    },
  };
  return mirror;
};
