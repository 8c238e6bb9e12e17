import type { Database } from 'better-sqlite3';
import { type CodedAttribute, codedAttributes, FIRST_UNKNOWN } from '../codes.ts';
import { createSightings } from './sightings.ts';

export type CodedValues = {
  codeOf(attribute: CodedAttribute, raw: string): number;
  /** Counts what of a new version nobody knows: its enumeration values and the names of its extra attributes. */
  sight(codes: readonly (number | null)[], extraNames: readonly string[], atMs: number): void;
  /** Writes the frame's sightings. */
  flush(): void;
  forget(): void;
};

const knownCodes = new Map<CodedAttribute, Map<string, number>>(
  Object.entries(codedAttributes).map(([attribute, codes]) => [
    // Object.entries widens the keys of codedAttributes, which are CodedAttribute by its definition.
    attribute as CodedAttribute,
    new Map<string, number>(Object.entries(codes)),
  ]),
);

/** Codes of enumeration values: the known ones for ever, others by their row in `unknown_value`. */
export const createCodedValues = (database: Database): CodedValues => {
  const find = database
    .prepare<[string, string], number>('select id from unknown_value where attribute = ? and raw = ?')
    .pluck();
  const insert = database
    .prepare<[number, string, string], number>(
      `insert into unknown_value (id, attribute, raw, first_seen_ms, last_seen_ms, count)
     values (max(?, coalesce((select max(id) + 1 from unknown_value), 0)), ?, ?, 9000000000000000, -9000000000000000, 0)
     returning id`,
    )
    .pluck();
  const sighted = database.prepare(
    `update unknown_value set first_seen_ms = min(first_seen_ms, ?), last_seen_ms = max(last_seen_ms, ?),
       count = count + ? where id = ?`,
  );
  const unknown = new Map<string, number>();
  const sightings = createSightings();

  const unknownId = (attribute: string, raw: string): number => {
    const key = `${attribute}\n${raw}`;
    const cached = unknown.get(key);
    if (cached !== undefined) return cached;
    const id = find.get(attribute, raw) ?? insert.get(FIRST_UNKNOWN, attribute, raw)!;
    unknown.set(key, id);
    return id;
  };

  return {
    codeOf: (attribute, raw) => knownCodes.get(attribute)?.get(raw) ?? unknownId(attribute, raw),
    sight(codes, extraNames, atMs) {
      for (const code of codes) if (code !== null && code >= FIRST_UNKNOWN) sightings.add(code, atMs);
      for (const name of extraNames) sightings.add(unknownId('attribute', name), atMs);
    },
    flush() {
      sightings.drain((id, { firstMs, lastMs, count }) => sighted.run(firstMs, lastMs, count, id));
    },
    forget() {
      unknown.clear();
      sightings.forget();
    },
  };
};
