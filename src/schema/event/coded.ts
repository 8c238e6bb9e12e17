import { type MirrorReader, rawValue } from '../../mirror/index.ts';
import type { CodedEnum } from '../enums/coded.ts';

/** The raw string behind a code; null for an absent one. */
export const rawOf = (coded: CodedEnum, code: number | null, reader: MirrorReader): string | null =>
  code === null ? null : rawValue(reader, coded.attribute, code);

export type CodedColumn = 'eventType' | 'presence' | 'state' | 'allocation' | 'direction';
