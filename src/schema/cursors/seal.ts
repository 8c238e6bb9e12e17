import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MirrorReader } from '../../mirror/index.ts';

/** Bytes of the seal: enough that guessing one is hopeless, few enough that a cursor stays short. */
const SEAL_BYTES = 8;

const keys = new WeakMap<MirrorReader, Buffer>();

/** The mirror's own key: cursors outlive restarts, and mean nothing to another mirror. */
const keyOf = (reader: MirrorReader): Buffer => {
  let key = keys.get(reader);
  if (!key) {
    key = Buffer.from(reader.meta('cursorKey') ?? '', 'hex');
    keys.set(reader, key);
  }
  return key;
};

const sealOf = (reader: MirrorReader, purpose: string, text: string): Buffer =>
  createHmac('sha256', keyOf(reader))
    .update(purpose)
    .update('\0')
    .update(text)
    .digest()
    .subarray(0, SEAL_BYTES);

/** An opaque text that `unseal` opens, as long as nobody touched it. */
export const seal = (
  reader: MirrorReader,
  purpose: 'page' | 'stream',
  content: readonly unknown[],
): string => {
  const text = JSON.stringify(content);
  return Buffer.concat([sealOf(reader, purpose, text), Buffer.from(text)]).toString('base64url');
};

/** What a cursor says, whoever sealed it: good for telling what it may have been, never for believing it. */
export const peek = (cursor: string): readonly unknown[] | null => {
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').subarray(SEAL_BYTES).toString());
    return Array.isArray(content) ? content : null;
  } catch {
    return null;
  }
};

/** What was sealed for this purpose; null when it was not, or not with this mirror's key. */
export const unseal = (
  reader: MirrorReader,
  purpose: 'page' | 'stream',
  cursor: string,
): readonly unknown[] | null => {
  const bytes = Buffer.from(cursor, 'base64url');
  // Decoding skips what is no base64url: only what would be encoded the same is taken.
  if (bytes.length <= SEAL_BYTES || bytes.toString('base64url') !== cursor) return null;
  const text = bytes.subarray(SEAL_BYTES).toString();
  if (!timingSafeEqual(bytes.subarray(0, SEAL_BYTES), sealOf(reader, purpose, text))) return null;
  const content: unknown = JSON.parse(text);
  return Array.isArray(content) ? content : null;
};
