import { type CodedAttribute, codedAttributes } from '../../codes.ts';
import { foldCase, type SqlValue } from '../reader.ts';
import type { Comparison, Condition, ConditionValue } from './condition.ts';
import { type EntityName, entities } from './entities.ts';
import { textSatisfies } from './leaf.ts';

/** A fragment with its values, bound by position. */
export type SqlFragment = { sql: string; params: SqlValue[] };

const operators: Record<Comparison, string> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' };

/**
 * The condition over rows of the entity's table, which stands in the statement under `alias`. NULL counts as false:
 * the fragment belongs in a WHERE, or under coalesce(…, 0).
 */
export const conditionSql = (
  entity: EntityName,
  condition: Condition,
  alias: string = entities[entity].table,
): SqlFragment => {
  const params: SqlValue[] = [];
  let aliases = 0;

  const write = (name: EntityName, here: string, one: Condition): string => {
    switch (one.kind) {
      case 'all':
        return one.of.length === 0
          ? '1'
          : `(${balanced(
              one.of.map((part) => write(name, here, part)),
              'and',
            )})`;
      case 'any':
        return one.of.length === 0
          ? '0'
          : `(${balanced(
              one.of.map((part) => write(name, here, part)),
              'or',
            )})`;
      case 'not':
        // What is under it is made of AND and OR over leaves that are NULL instead of false: one coalesce makes it two-valued.
        return `(not coalesce(${write(name, here, one.of)}, 0))`;
      case 'related': {
        const relation = relationOf(name, one.relation);
        aliases += 1;
        const other = `${relation.to}_${aliases}`;
        const match = relation.match(other, `${here}.${relation.column}`);
        // An agent has as many events as the mirror has days: rows looked at in here count like those of the list.
        const spend = relation.many ? `spend(${other}.id) and ` : '';
        return `exists (select 1 from ${entities[relation.to].table} as ${other} where ${match} and ${spend}${write(relation.to, other, one.of)})`;
      }
      case 'overlaps': {
        const { begin, end } = spanOf(name);
        const [beginSql, endSql] = [begin.sql(here), end.sql(here)];
        params.push(one.toMs, one.fromMs, one.fromMs);
        return `(${beginSql} < ? and (${endSql} > ? or ${endSql} is null or ${beginSql} >= ?))`;
      }
      default:
        return leaf(name, here, one);
    }
  };

  const leaf = (name: EntityName, here: string, one: LeafCondition): string => {
    const field = fieldOf(name, one.field);
    const sql = field.sql(here);
    if (one.kind === 'isNull') return `(${sql} is null)`;
    if (field.coded) return codedLeaf(sql, field.coded, one);
    return plainLeaf(sql, one);
  };

  const plainLeaf = (sql: string, one: Exclude<LeafCondition, { kind: 'isNull' }>): string => {
    switch (one.kind) {
      case 'compare':
        params.push(one.value);
        return `${sql} ${operators[one.operator]} ?`;
      case 'oneOf':
        params.push(JSON.stringify(one.values.map(inJson)));
        return one.values.some(Buffer.isBuffer)
          ? `${sql} in (select unhex(value) from json_each(?))`
          : `${sql} in (select value from json_each(?))`;
      case 'text':
        params.push(foldCase(one.text));
        return one.operator === 'contains'
          ? `(instr(fold_case(${sql}), ?) > 0)`
          : `(instr(fold_case(${sql}), ?) = 1)`;
    }
  };

  /** Known strings are tried here, unknown ones in their table. */
  const codedLeaf = (
    sql: string,
    attribute: CodedAttribute,
    one: Exclude<LeafCondition, { kind: 'isNull' }>,
  ) => {
    const known = Object.entries(codedAttributes[attribute])
      .filter(([raw]) => textSatisfies(one, raw))
      .map(([, code]) => code);
    params.push(attribute);
    const unknown = `select id from unknown_value where attribute = ? and ${plainLeaf('raw', one)}`;
    return `(${sql} in (${known.join(', ')}) or ${sql} in (${unknown}))`;
  };

  const sql = write(entity, alias, condition);
  return { sql, params };
};

/** A chain of operators is a tree as deep as it is long, and SQLite takes a depth of 1,000: long ones are halved. */
const balanced = (parts: readonly string[], operator: 'and' | 'or'): string => {
  if (parts.length <= 16) return parts.join(` ${operator} `);
  const middle = parts.length >> 1;
  const [left, right] = [parts.slice(0, middle), parts.slice(middle)];
  return `(${balanced(left, operator)}) ${operator} (${balanced(right, operator)})`;
};

export type LeafCondition = Extract<Condition, { field: string }>;

const inJson = (value: ConditionValue) => (Buffer.isBuffer(value) ? value.toString('hex') : value);

export const fieldOf = (entity: EntityName, name: string) => {
  const field = entities[entity].fields[name];
  if (!field) throw new Error(`no field ${name} on ${entity}`);
  return field;
};

export const spanOf = (entity: EntityName) => {
  const { span } = entities[entity];
  if (!span) throw new Error(`a row of ${entity} has no span`);
  return { begin: fieldOf(entity, span.begin), end: fieldOf(entity, span.end) };
};

export const relationOf = (entity: EntityName, name: string) => {
  const relation = entities[entity].relations[name];
  if (!relation) throw new Error(`no relation ${name} on ${entity}`);
  return relation;
};
