import { rawValue } from '../codedValues.ts';
import type { MirrorReader } from '../reader.ts';
import type { Condition } from './condition.ts';
import { type Entity, type EntityName, type EntityRows, entities, type Relation } from './entities.ts';
import { leafTest } from './leaf.ts';
import { agentTest, oncePerStretch, relatedRow } from './relatedRow.ts';
import { conditionSql } from './sql.ts';

/** Whether a row satisfies the condition, other rows being as the reader sees them now. */
export type Predicate<Row> = (row: Row, reader: MirrorReader) => boolean;

/**
 * The condition over rows in memory, such as the images of a change: the same answers as `conditionSql`. What it says
 * of related rows is asked of the mirror, of each row once a stretch; where it speaks of the row alone it runs no
 * statement. Where many rows are related, those that are looked at are spent (`MirrorReader.bounded`).
 */
export const conditionPredicate = <Name extends EntityName>(
  entity: Name,
  condition: Condition,
): Predicate<EntityRows[Name]> => {
  type Row = EntityRows[Name];
  // The index of a mapped type by the generic key it is mapped over.
  const { fields, relations, span } = entities[entity] as Entity<Row>;

  const compile = (one: Condition): Predicate<Row> => {
    switch (one.kind) {
      case 'all': {
        const parts = one.of.map(compile);
        return (row, reader) => parts.every((part) => part(row, reader));
      }
      case 'any': {
        const parts = one.of.map(compile);
        return (row, reader) => parts.some((part) => part(row, reader));
      }
      case 'not': {
        const inner = compile(one.of);
        return (row, reader) => !inner(row, reader);
      }
      case 'related': {
        const relation = relations[one.relation];
        if (!relation) throw new Error(`no relation ${one.relation} on ${entity}`);
        return relatedPredicate(relation, one.of);
      }
      case 'overlaps': {
        const begin = span && fields[span.begin];
        const end = span && fields[span.end];
        if (!begin || !end) throw new Error(`a row of ${entity} has no span`);
        return (row) => {
          // Spans are of integer milliseconds; only an end may be absent.
          const beginMs = begin.read(row) as number;
          const endMs = end.read(row) as number | null;
          return beginMs < one.toMs && (endMs === null || endMs > one.fromMs || beginMs >= one.fromMs);
        };
      }
      default: {
        const field = fields[one.field];
        if (!field) throw new Error(`no field ${one.field} on ${entity}`);
        if (one.kind === 'isNull') return (row) => field.read(row) === null;
        const test = leafTest(one);
        const { coded } = field;
        return (row, reader) => {
          const value = field.read(row);
          if (value === null) return false;
          // A coded column holds numbers.
          return test(coded ? rawValue(reader, coded, value as number) : value);
        };
      }
    }
  };
  return compile(condition);
};

const speaksOfItselfAlone = (condition: Condition): boolean => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.every(speaksOfItselfAlone);
    case 'not':
      return speaksOfItselfAlone(condition.of);
    default:
      return condition.kind !== 'related';
  }
};

const relatedPredicate = <Row>(relation: Relation<Row>, condition: Condition): Predicate<Row> => {
  const other = 'other';
  const inner = conditionSql(relation.to, condition, other);
  const spend = relation.many ? `spend(${other}.id) and ` : '';
  const sql = `select 1 as found from ${entities[relation.to].table} as ${other} where ${relation.match(other, '?')} and ${spend}${inner.sql} limit 1`;
  const answer = oncePerStretch((key, reader) => reader.get(sql, key, ...inner.params) !== undefined);
  const ask: Predicate<Row> = (row, reader) => {
    const key = relation.read(row);
    return key !== null && answer(key, reader);
  };
  if (!relation.toRow) return ask;

  const isNamed = agentTest(relation.to, condition);
  if (isNamed) {
    return (row, reader) => {
      const key = relation.read(row);
      return key !== null && isNamed(key, reader);
    };
  }
  if (!speaksOfItselfAlone(condition)) return ask;
  // Rows that `relatedRow` gives are of the entity that it is asked for.
  const satisfies = conditionPredicate(relation.to, condition) as Predicate<unknown>;
  return (row, reader) => {
    const key = relation.read(row);
    if (key === null) return false;
    const found = relatedRow(reader, relation.to, key);
    return found === 'ASK' ? ask(row, reader) : found !== null && satisfies(found, reader);
  };
};
