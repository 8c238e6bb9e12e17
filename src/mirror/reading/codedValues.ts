import { type CodedAttribute, codedAttributes, FIRST_UNKNOWN } from '../codes.ts';
import type { MirrorReader } from './reader.ts';

const rawByCode = Object.fromEntries(
  Object.entries(codedAttributes).map(([attribute, codes]) => [
    attribute,
    new Map<number, string>(Object.entries(codes).map(([raw, code]) => [code, raw])),
  ]),
) as Record<CodedAttribute, Map<number, string>>; // one entry for each attribute of codedAttributes

/** Rows of `unknown_value` never change their string: once read, always right. */
const unknownByReader = new WeakMap<MirrorReader, Map<number, string>>();

/** The string that upstream sent, by the code that stands for it. */
export const rawValue = (reader: MirrorReader, attribute: CodedAttribute, code: number): string => {
  if (code < FIRST_UNKNOWN) return rawByCode[attribute].get(code) ?? '';
  let known = unknownByReader.get(reader);
  if (!known) {
    known = new Map();
    unknownByReader.set(reader, known);
  }
  const cached = known.get(code);
  if (cached !== undefined) return cached;
  const row = reader.get<{ raw: string }>('select raw from unknown_value where id = ?', code);
  if (!row) return '';
  known.set(code, row.raw);
  return row.raw;
};
