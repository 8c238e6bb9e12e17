export {
  allOf,
  anyOf,
  type Comparison,
  type Condition,
  type ConditionValue,
  compare,
  conjuncts,
  everything,
  isNull,
  mentions,
  not,
  nothing,
  oneOf,
  related,
} from './condition.ts';
export type { EntityName, EntityRows, StatusFacts } from './entities.ts';
export { conditionPredicate, type Predicate } from './predicate.ts';
export { conditionSql, type SqlFragment } from './sql.ts';
