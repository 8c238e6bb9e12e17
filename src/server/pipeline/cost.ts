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
): number => {
  const fragmentCosts = new Map<string, number>();

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

  const costOfField = (parent: GraphQLNamedType, node: FieldNode, inherited: number | null): number => {
    const field = fieldOf(parent, node.name.value);
    if (!field || !node.selectionSet) return 0;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return 0;
    // Fields of the schema state nothing else by this name.
    const stated = field.extensions?.['assumedListSize'] as StatedSize;
    const ownSize = typeof stated === 'function' ? stated(argumentsOf(field, node)) : pageSize(field, node);
    const assumed = typeof stated === 'number' ? stated : limits.assumedListSize;
    if (isList(field.type)) {
      return (ownSize ?? inherited ?? assumed) * (1 + costOfSelections(type, node.selectionSet, null));
    }
    return 1 + costOfSelections(type, node.selectionSet, ownSize);
  };

  const costOfSelections = (
    parent: GraphQLNamedType,
    set: SelectionSetNode,
    inherited: number | null,
  ): number => {
    let total = 0;
    for (const selection of set.selections) {
      if (isLeftOut(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        total += costOfField(parent, selection, inherited);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition
          ? schema.getType(selection.typeCondition.name.value)
          : parent;
        if (condition)
          total += costOfSelections(narrow(parent, condition), selection.selectionSet, inherited);
      } else {
        total += costOfFragment(selection.name.value, inherited);
      }
    }
    return total;
  };

  // Remembered by name and inherited size: fragments in fragments must not make the walk exponential.
  const costOfFragment = (name: string, inherited: number | null): number => {
    const key = `${name} ${inherited}`;
    const known = fragmentCosts.get(key);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const type = fragment ? schema.getType(fragment.typeCondition.name.value) : undefined;
    const cost = fragment && type ? costOfSelections(type, fragment.selectionSet, inherited) : 0;
    fragmentCosts.set(key, cost);
    return cost;
  };

  const narrow = (parent: GraphQLNamedType, condition: GraphQLNamedType): GraphQLNamedType =>
    isAbstractType(condition) && isObjectType(parent) ? parent : condition;

  const root = schema.getRootType(operation.operation);
  return root ? costOfSelections(root, operation.selectionSet, null) : 0;
};
