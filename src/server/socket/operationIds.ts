/**
 * Ids that graphql-ws gets in place of the client's, each its own. It forgets an operation by id when that ends; where a
 * client has left one and begun another under the same id, that would end the wrong one. An own id is a number before the
 * client's, so that it can be taken off again without looking anything up.
 */
export type OperationIds = {
  /** The own id of an operation that begins; null: one of that id runs. */
  begin(id: string): string | null;
  /** The own id of an operation that its client leaves; null: none of that id runs. From now on the id is free. */
  leave(id: string): string | null;
  /** The server is about to say the last word of it. */
  end(ownId: string): void;
};

export const createOperationIds = (): OperationIds => {
  const running = new Map<string, string>();
  let begun = 0;
  return {
    begin(id) {
      if (running.has(id)) return null;
      begun += 1;
      const ownId = `${begun} ${id}`;
      running.set(id, ownId);
      return ownId;
    },
    leave(id) {
      const ownId = running.get(id) ?? null;
      running.delete(id);
      return ownId;
    },
    end(ownId) {
      const id = clientIdOf(ownId);
      if (running.get(id) === ownId) running.delete(id);
    },
  };
};

export const clientIdOf = (ownId: string): string => ownId.slice(ownId.indexOf(' ') + 1);

/** A message of graphql-ws, whose first key is the id where there is one, as its client must get it. */
export const withClientId = (text: string): string => text.replace(/^\{"id":"\d+ /, '{"id":"');
