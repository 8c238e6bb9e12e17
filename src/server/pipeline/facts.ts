import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql';
import { type DocumentShape, measureShape } from './shape.ts';

/** What is true of an operation whatever its variables. */
export type Fact = { fragments: ReadonlyMap<string, FragmentDefinitionNode>; shape: DocumentShape };

export type Facts = (document: DocumentNode, operation: OperationDefinitionNode) => Fact;

/** Works facts out once for each operation of each parsed document, for as long as the parser's cache keeps it. */
export const createFacts = (): Facts => {
  const facts = new WeakMap<OperationDefinitionNode, Fact>();
  return (document, operation) => {
    const known = facts.get(operation);
    if (known) return known;
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    const fact = { fragments, shape: measureShape(document, operation) };
    facts.set(operation, fact);
    return fact;
  };
};
