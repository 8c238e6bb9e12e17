import {
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
};

export type Facts = (document: DocumentNode, operation: OperationDefinitionNode) => Fact;

/** Arguments of a stream that say where it starts: of what it is, at any place, they say nothing. */
const positionArguments = new Set(['after', 'snapshot']);

const positionsOf = (document: DocumentNode, operation: OperationDefinitionNode): Set<string> => {
  const uses: string[] = [];
  visit(document, {
    enter(node) {
      if (node.kind === Kind.VARIABLE_DEFINITION) return false;
      if (node.kind === Kind.VARIABLE) uses.push(node.name.value);
      return undefined;
    },
  });
  const positions = operation.selectionSet.selections
    .flatMap((field) => (field.kind === Kind.FIELD ? (field.arguments ?? []) : []))
    .flatMap(({ name, value }) =>
      positionArguments.has(name.value) && value.kind === Kind.VARIABLE ? [value.name.value] : [],
    );
  const countOf = (name: string, among: string[]) => among.filter((one) => one === name).length;
  return new Set(positions.filter((name) => countOf(name, uses) === countOf(name, positions)));
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
    const fact: Fact = {
      id: lastId,
      fragments,
      shape: measureShape(document, operation),
      positions: operation.operation === 'subscription' ? positionsOf(document, operation) : new Set(),
    };
    facts.set(operation, fact);
    return fact;
  };
};
