import DataLoader from 'dataloader';
import type { GatewayContext } from '../context.ts';

type LoadMany<Row> = (ids: readonly string[], context: GatewayContext) => readonly (Row | null)[];

/** Loads what one operation asks for, in however many fields, in one read: `a: node(…) b: node(…)` are siblings. */
export const together = <Row extends object>(
  load: LoadMany<Row>,
): ((ids: string[], context: GatewayContext) => Promise<(Row | null)[]>) => {
  // A context is of one operation, or of one batch of a stream: nothing outlives it.
  const loaders = new WeakMap<GatewayContext, DataLoader<string, Row | null>>();
  return async (ids, context) => {
    let loader = loaders.get(context);
    if (!loader) {
      loader = new DataLoader(async (wanted) => load(wanted, context));
      loaders.set(context, loader);
    }
    const rows = await loader.loadMany(ids);
    const failed = rows.find((row) => row instanceof Error);
    if (failed) throw failed;
    // None is an error by now.
    return rows as (Row | null)[];
  };
};
