import DataLoader from 'dataloader';
import type { GatewayContext } from '../context.ts';

/**
 * Looks objects up by id where nobody knows their siblings: `node`, `nodes`, and many aliases of `event(eventId:)`.
 * All ids that one operation asks for before it waits are one batch; each operation has loaders of its own.
 */
export const createLoader = <Row extends object>(
  load: (ids: readonly string[], context: GatewayContext) => (Row | null)[],
): ((id: string, context: GatewayContext) => Promise<Row | null>) => {
  const loaders = new WeakMap<GatewayContext, DataLoader<string, Row | null>>();
  return (id, context) => {
    let loader = loaders.get(context);
    if (!loader) {
      loader = new DataLoader((ids) => Promise.resolve(load(ids, context)));
      loaders.set(context, loader);
    }
    return loader.load(id);
  };
};
