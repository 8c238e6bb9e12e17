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
  oneOf,
  overlaps,
  related,
} from './condition.ts';
export { type EntityName, type EntityRows, entities, type StatusFacts } from './entities.ts';
export { conditionPredicate, type Predicate } from './predicate.ts';
export { agentsOfStatuses, type NamedAgents } from './relatedRow.ts';
export { conditionSql, type SqlFragment } from './sql.ts';
