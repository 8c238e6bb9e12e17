import { type ValueNode, valueFromASTUntyped } from 'graphql';

export const jsonScalar = {
  description: 'Any JSON value, as upstream sent it.',
  serialize: (value: unknown): unknown => value,
  parseValue: (value: unknown): unknown => value,
  parseLiteral: (node: ValueNode): unknown => valueFromASTUntyped(node),
};
