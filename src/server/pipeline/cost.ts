import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { OperationLimits } from '../settings.ts';

type Variables = Readonly<Record<string, unknown>>;
type CostLimits = Pick<OperationLimits, 'defaultPageSize' | 'maxPageSize' | 'assumedListSize'>;

/** What a list field is taken for, as its `assumedListSize` states it: a number, or by its arguments. */
type StatedSize = number | ((args: Variables) => number) | undefined;

/** Arguments that say how many items a field, or the list directly below it, may hold. */
const sizeArguments = ['first', 'last', 'batchSize'];

const argumentValue = (node: ValueNode, variables: Variables): unknown => {
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.BOOLEAN) return node.value;
  if (node.kind === Kind.LIST) return node.values;
  return undefined;
};

const isLeftOut = (
  node: { directives?: readonly { name: { value: string }; arguments?: readonly { value: ValueNode }[] }[] },
  variables: Variables,
): boolean =>
  (node.directives ?? []).some((directive) => {
    const condition = directive.arguments?.[0];
    if (!condition) return false;
    const value = argumentValue(condition.value, variables);
    return (
      (directive.name.value === 'skip' && value === true) ||
      (directive.name.value === 'include' && value === false)
    );
  });

const isList = (type: GraphQLType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** The field that costs most, by its path from where it was measured: the objects of its own, whatever is below them. */
export type Dearest = { path: readonly string[]; objects: number };

export type Cost = { objects: number; dearest: Dearest | null };

const nothing: Cost = { objects: 0, dearest: null };

const plus = (a: Cost, b: Cost): Cost => ({
  objects: a.objects + b.objects,
  // The first of equals: what lies below it is dear because of it.
  dearest: (b.dearest?.objects ?? 0) > (a.dearest?.objects ?? 0) ? b.dearest : a.dearest,
});

/** So many objects of one field, each with what is below it. */
const times = (count: number, field: string, below: Cost): Cost => {
  const inside = below.dearest;
  return {
    objects: count * (1 + below.objects),
    dearest:
      inside && inside.objects > 1
        ? { path: [field, ...inside.path], objects: count * inside.objects }
        : { path: [field], objects: count },
  };
};

/**
 * How many objects an operation could return at most: every object counts 1, leaves and introspection 0, a list
 * multiplies what is below it by its page size, with variables coerced and defaults filled in. Sizes over the
 * largest page count as that page: the schema refuses them by name. A list without pages counts as what its field states.
 */
export const costOf = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Variables,
  limits: CostLimits,
): Cost => {
  const fragmentCosts = new Map<string, Cost>();

  const pageSize = (field: GraphQLField<unknown, unknown>, node: FieldNode): number | null => {
    let size: number | null = null;
    let paged = false;
    for (const argument of field.args) {
      const given = node.arguments?.find((one) => one.name.value === argument.name);
      const value = given ? argumentValue(given.value, variables) : undefined;
      if (sizeArguments.includes(argument.name)) {
        paged = true;
        const asked = value ?? argument.defaultValue;
        if (typeof asked === 'number') size = Math.max(size ?? 0, asked);
      } else if (isList(argument.type) && Array.isArray(value) && isList(field.type)) {
        // `nodes(ids: [...])`: one item for each id.
        return value.length;
      }
    }
    if (!paged) return null;
    return Math.min(Math.max(size ?? limits.defaultPageSize, 0), limits.maxPageSize);
  };

  /** The arguments as the resolver will get them; one that is not valid is left out, and refused later by name. */
  const argumentsOf = (field: GraphQLField<unknown, unknown>, node: FieldNode): Variables =>
    Object.fromEntries(
      (node.arguments ?? []).map(({ name, value }) => {
        const argument = field.args.find((one) => one.name === name.value);
        return [name.value, argument && valueFromAST(value, argument.type, variables)];
      }),
    );

  const fieldOf = (parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined =>
    isCompositeType(parent) && 'getFields' in parent ? parent.getFields()[name] : undefined;

  const costOfField = (parent: GraphQLNamedType, node: FieldNode, inherited: number | null): Cost => {
    const field = fieldOf(parent, node.name.value);
    if (!field || !node.selectionSet) return nothing;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return nothing;
    // Fields of the schema state nothing else by this name.
    const stated = field.extensions?.['assumedListSize'] as StatedSize;
    const ownSize = typeof stated === 'function' ? stated(argumentsOf(field, node)) : pageSize(field, node);
    const assumed = typeof stated === 'number' ? stated : limits.assumedListSize;
    const name = node.alias?.value ?? node.name.value;
    if (isList(field.type)) {
      const below = costOfSelections(type, node.selectionSet, null);
      return times(ownSize ?? inherited ?? assumed, name, below);
    }
    return times(1, name, costOfSelections(type, node.selectionSet, ownSize));
  };

  const costOfSelections = (
    parent: GraphQLNamedType,
    set: SelectionSetNode,
    inherited: number | null,
  ): Cost => {
    let total = nothing;
    for (const selection of set.selections) {
      if (isLeftOut(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        total = plus(total, costOfField(parent, selection, inherited));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition
          ? schema.getType(selection.typeCondition.name.value)
          : parent;
        if (condition) {
          const inside = costOfSelections(narrow(parent, condition), selection.selectionSet, inherited);
          total = plus(total, inside);
        }
      } else {
        total = plus(total, costOfFragment(selection.name.value, inherited));
      }
    }
    return total;
  };

  // Remembered by name and inherited size: fragments in fragments must not make the walk exponential.
  const costOfFragment = (name: string, inherited: number | null): Cost => {
    const key = `${name} ${inherited}`;
    const known = fragmentCosts.get(key);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const type = fragment ? schema.getType(fragment.typeCondition.name.value) : undefined;
    const cost = fragment && type ? costOfSelections(type, fragment.selectionSet, inherited) : nothing;
    fragmentCosts.set(key, cost);
    return cost;
  };

  const narrow = (parent: GraphQLNamedType, condition: GraphQLNamedType): GraphQLNamedType =>
    isAbstractType(condition) && isObjectType(parent) ? parent : condition;

  const root = schema.getRootType(operation.operation);
  return root ? costOfSelections(root, operation.selectionSet, null) : nothing;
};
