import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type DocumentShape, measureShape } from './shape.ts';

/** What is true of an operation whatever its variables. */
export type Fact = {
  /** Its own among all operations that were parsed. */
  id: number;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  shape: DocumentShape;
  /** Variables that say nothing but where a stream starts. */
  positions: ReadonlySet<string>;
  /** What to execute for an event of a stepped stream: its filter is not coerced again for each. */
  eventDocument: DocumentNode;
};

export type Facts = (document: DocumentNode, operation: OperationDefinitionNode) => Fact;

/** Arguments of a stream that say where it starts: of what it is, at any place, they say nothing. */
const positionArguments = new Set(['after', 'snapshot']);

/** The name of each variable, as often as it is used. */
const usesIn = (node: ASTNode): string[] => {
  const uses: string[] = [];
  visit(node, {
    enter(one) {
      if (one.kind === Kind.VARIABLE_DEFINITION) return false;
      if (one.kind === Kind.VARIABLE) uses.push(one.name.value);
      return undefined;
    },
  });
  return uses;
};

const positionsOf = (document: DocumentNode, operation: OperationDefinitionNode): Set<string> => {
  const uses = usesIn(document);
  const positions = operation.selectionSet.selections
    .flatMap((field) => (field.kind === Kind.FIELD ? (field.arguments ?? []) : []))
    .flatMap(({ name, value }) =>
      positionArguments.has(name.value) && value.kind === Kind.VARIABLE ? [value.name.value] : [],
    );
  const countOf = (name: string, among: string[]) => among.filter((one) => one === name).length;
  return new Set(positions.filter((name) => countOf(name, uses) === countOf(name, positions)));
};

/** The operation without the arguments of its root, and without the variables that only they used. */
const eventDocumentOf = (document: DocumentNode, operation: OperationDefinitionNode): DocumentNode => {
  const bare: OperationDefinitionNode = {
    ...operation,
    selectionSet: {
      ...operation.selectionSet,
      selections: operation.selectionSet.selections.map((one) =>
        one.kind === Kind.FIELD ? { ...one, arguments: [] } : one,
      ),
    },
  };
  const definitions = document.definitions.map((one) => (one === operation ? bare : one));
  const used = new Set(usesIn({ kind: Kind.DOCUMENT, definitions }));
  const variableDefinitions = (bare.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  return {
    kind: Kind.DOCUMENT,
    definitions: definitions.map((one) => (one === bare ? { ...bare, variableDefinitions } : one)),
  };
};

/** Works facts out once for each operation of each parsed document, for as long as the parser's cache keeps it. */
export const createFacts = (): Facts => {
  const facts = new WeakMap<OperationDefinitionNode, Fact>();
  let lastId = 0;
  return (document, operation) => {
    const known = facts.get(operation);
    if (known) return known;
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    lastId += 1;
    const streams = operation.operation === 'subscription';
    const fact: Fact = {
      id: lastId,
      fragments,
      shape: measureShape(document, operation),
      positions: streams ? positionsOf(document, operation) : new Set(),
      eventDocument: streams ? eventDocumentOf(document, operation) : document,
    };
    facts.set(operation, fact);
    return fact;
  };
};
