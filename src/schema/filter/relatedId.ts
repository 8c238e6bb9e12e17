import { related } from '../../mirror/index.ts';
import type { FilterField, FilterInput } from './filter.ts';
import { uuidOperators } from './operators.ts';

/** `agentId: …` for `agent: { agentId: … }`; like it, false where there is no row at the other end. */
export const relatedId = (relation: string, field: string, description: string): FilterField => ({
  type: () => uuidOperators.ref,
  description,
  // GraphQL has coerced it to the operators' input.
  compile: (value, path, work) =>
    related(relation, uuidOperators.compile(field, value as FilterInput, path, work)),
});
