/**
 * What a filter asks of a row, free of GraphQL and of SQL: `conditionSql` and `conditionPredicate` give it the same
 * meaning in both.
 *
 * Logic is two-valued. A comparison with an absent value is false, whatever the operator; `not` is the true
 * complement of what it negates, so `not (x = 1)` holds for an absent x. There is no `ne`: it is `not (x = v)`.
 * `all` of nothing is true, `any` of nothing is false.
 */
export type Condition =
  | { kind: 'all'; of: readonly Condition[] }
  | { kind: 'any'; of: readonly Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'compare'; field: string; operator: Comparison; value: ConditionValue }
  | { kind: 'oneOf'; field: string; values: readonly ConditionValue[] }
  | { kind: 'isNull'; field: string }
  /** Case-insensitive; the text is taken literally. */
  | { kind: 'text'; field: string; operator: 'contains' | 'startsWith'; text: string }
  /**
   * The row's span has a moment in common with [fromMs, toMs); a span without an end lasts, and one of no length is
   * the moment at which it begins.
   */
  | { kind: 'overlaps'; fromMs: number; toMs: number }
  /** At least one row at the other end of the relation satisfies it. */
  | { kind: 'related'; relation: string; of: Condition };

export type Comparison = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';
/** Numbers, text, or packed ids, as the field is stored. */
export type ConditionValue = number | string | Buffer;

export const everything: Condition = { kind: 'all', of: [] };

/** Flattens, and drops what is always true. */
export const allOf = (conditions: readonly Condition[]): Condition => {
  const flat = conditions.flatMap((one) => (one.kind === 'all' ? one.of : [one]));
  return flat.length === 1 ? flat[0]! : { kind: 'all', of: flat };
};
export const anyOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 ? conditions[0]! : { kind: 'any', of: conditions };
export const not = (condition: Condition): Condition => ({ kind: 'not', of: condition });
export const compare = (field: string, operator: Comparison, value: ConditionValue): Condition => ({
  kind: 'compare',
  field,
  operator,
  value,
});
export const oneOf = (field: string, values: readonly ConditionValue[]): Condition =>
  values.length === 1 ? compare(field, 'eq', values[0]!) : { kind: 'oneOf', field, values };
export const isNull = (field: string): Condition => ({ kind: 'isNull', field });
export const overlaps = (fromMs: number, toMs: number): Condition => ({ kind: 'overlaps', fromMs, toMs });
export const related = (relation: string, of: Condition): Condition => ({ kind: 'related', relation, of });

/** The conditions that must all hold. */
export const conjuncts = (condition: Condition): readonly Condition[] =>
  condition.kind === 'all' ? condition.of : [condition];

/** Whether the condition speaks of the field, on the row itself. */
export const mentions = (condition: Condition, field: string): boolean => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some((one) => mentions(one, field));
    case 'not':
      return mentions(condition.of, field);
    case 'related':
    case 'overlaps':
      return false;
    default:
      return condition.field === field;
  }
};
