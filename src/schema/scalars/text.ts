import { type ASTNode, Kind } from 'graphql';
import { clientError, type ErrorCode } from '../errors.ts';

/**
 * How a scalar that is written as a string is taken, as a variable and in the document: `read` gives null for what it
 * refuses. Which argument it was the pipeline says, which sees the whole operation.
 */
export const textInput = <Value>(
  read: (text: string) => Value | null,
  /** Says how it must be written; given what was written, null for what is no string. */
  refusal: (text: string | null) => string,
  code: ErrorCode = 'BAD_USER_INPUT',
) => {
  const take = (value: unknown, node?: ASTNode): Value => {
    const text = typeof value === 'string' ? value : null;
    const taken = text === null ? null : read(text);
    if (taken === null) throw clientError(code, refusal(text), {}, node);
    return taken;
  };
  return {
    parseValue: (value: unknown): Value => take(value),
    parseLiteral: (node: ASTNode): Value => take(node.kind === Kind.STRING ? node.value : null, node),
  };
};
