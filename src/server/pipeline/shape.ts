import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a document looks like before any type is known. Fragments count wherever they are spread. */
export type DocumentShape = { depth: number; aliases: number; rootFields: number };

const nothing: DocumentShape = { depth: 0, aliases: 0, rootFields: 0 };

/**
 * Measures one operation. Linear in the document: a fragment is measured once, however often it is spread, so the
 * fan-out of fragments in fragments costs a multiplication and no walk. A cycle measures as infinitely deep;
 * validation would name it, but runs later.
 */
export const measureShape = (document: DocumentNode, operation: OperationDefinitionNode): DocumentShape => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, DocumentShape | 'OPEN'>();

  const measureFragment = (name: string): DocumentShape => {
    const known = measured.get(name);
    if (known === 'OPEN') return { depth: Number.POSITIVE_INFINITY, aliases: 0, rootFields: 0 };
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    measured.set(name, 'OPEN');
    const shape = measureSelections(fragment.selectionSet);
    measured.set(name, shape);
    return shape;
  };

  const measureSelections = (set: SelectionSetNode): DocumentShape => {
    let depth = 0;
    let aliases = 0;
    let rootFields = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        rootFields += 1;
        if (selection.alias) aliases += 1;
        // Introspection has a depth rule of its own in graphql-js, and GraphiQL's query is deeper than any other.
        const below =
          selection.selectionSet && !selection.name.value.startsWith('__')
            ? measureSelections(selection.selectionSet)
            : nothing;
        depth = Math.max(depth, below.depth + 1);
        aliases += below.aliases;
      } else {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? measureFragment(selection.name.value)
            : measureSelections(selection.selectionSet);
        depth = Math.max(depth, inner.depth);
        aliases += inner.aliases;
        rootFields += inner.rootFields;
      }
    }
    return { depth, aliases, rootFields };
  };

  return measureSelections(operation.selectionSet);
};
