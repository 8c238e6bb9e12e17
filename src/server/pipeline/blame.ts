import {
  type ASTNode,
  coerceInputValue,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

/** Path of an argument, or of a part of it: `filter.start.gt`, `ids[2]`. */
type Part = string | number;
const inside = (path: string, parts: readonly Part[]): string =>
  parts.reduce<string>((at, part) => (typeof part === 'number' ? `${at}[${part}]` : `${at}.${part}`), path);

/** The path of every value that the document gives to an argument, and the first place where each variable is used. */
type Places = { ofNode: Map<ASTNode, string>; ofVariable: Map<string, string> };

const placesIn = (document: DocumentNode, operation: OperationDefinitionNode): Places => {
  const places: Places = { ofNode: new Map(), ofVariable: new Map() };
  const note = (value: ValueNode, path: string): void => {
    places.ofNode.set(value, path);
    if (value.kind === Kind.VARIABLE && !places.ofVariable.has(value.name.value)) {
      places.ofVariable.set(value.name.value, path);
    }
    if (value.kind === Kind.LIST) for (const [i, one] of value.values.entries()) note(one, inside(path, [i]));
    if (value.kind !== Kind.OBJECT) return;
    for (const field of value.fields) {
      const here = inside(path, [field.name.value]);
      places.ofNode.set(field, here);
      note(field.value, here);
    }
  };
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  for (const definition of [operation, ...fragments]) {
    visit(definition, {
      Argument(argument) {
        places.ofNode.set(argument, argument.name.value);
        note(argument.value, argument.name.value);
        return false;
      },
    });
  }
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const path = places.ofVariable.get(variable.name.value);
    if (defaultValue && path !== undefined) note(defaultValue, path);
  }
  return places;
};

/** graphql-js says the name of an argument that is missing, or null where it must not be, in its text alone. */
const namedIn = (message: string): string | undefined =>
  /^(?:Field "\w+" argument|Argument) "(\w+)" /.exec(message)?.[1];

/** The error with the argument that is to blame, in its words and in its extensions; as it is where none is. */
export const blaming = (error: GraphQLError, argument = namedIn(error.message)): GraphQLError => {
  if (argument === undefined || error.extensions['argument'] !== undefined) return error;
  return new GraphQLError(`\`${argument}\`: ${error.message}`, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...error.extensions, argument },
  });
};

/** What graphql-js and the scalars say about the values in a document, each naming the argument that it is about. */
export const blameLiterals = (
  errors: readonly GraphQLError[],
  document: DocumentNode,
  operation: OperationDefinitionNode,
): GraphQLError[] => {
  const { ofNode } = placesIn(document, operation);
  return errors.map((error) =>
    blaming(
      error,
      error.nodes?.map((node) => ofNode.get(node)).find((path) => path !== undefined),
    ),
  );
};

const MAX_PATHS = 20;

/** Where inside a variable's value something is wrong, in the order in which graphql-js says so. */
const pathsInside = (
  schema: GraphQLSchema,
  { type: typeNode, variable }: VariableDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): (readonly Part[])[] => {
  const type = typeFromAST(schema, typeNode);
  const value = values[variable.name.value];
  const paths: (readonly Part[])[] = [];
  if (!isInputType(type) || value === undefined) return paths;
  const enough = new Error('enough');
  try {
    coerceInputValue(value, type, (path) => {
      paths.push(path);
      if (paths.length >= MAX_PATHS) throw enough;
    });
  } catch (thrown) {
    if (thrown !== enough) throw thrown;
  }
  return paths;
};

/** The same of the values of variables: a variable stands for the argument that it is first given to. */
export const blameVariables = (
  errors: readonly GraphQLError[],
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] => {
  const { ofVariable } = placesIn(document, operation);
  const paths = new Map<ASTNode, (readonly Part[])[]>();
  return errors.map((error) => {
    const definition = operation.variableDefinitions?.find((one) => one === error.nodes?.[0]);
    const argument = definition && ofVariable.get(definition.variable.name.value);
    if (argument === undefined) return error;
    const left = paths.get(definition!) ?? pathsInside(schema, definition!, values);
    paths.set(definition!, left);
    return blaming(error, inside(argument, left.shift() ?? []));
  });
};
