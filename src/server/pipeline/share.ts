import type { ExecutionResult } from 'graphql';

type MaybeLate = ExecutionResult | Promise<ExecutionResult>;

export type Share = { execute(event: unknown, shareKey: string, run: () => MaybeLate): MaybeLate };

/**
 * Identical operations on one event execute once. A source that hands the same batch object to many subscribers
 * makes them share its result; a source that makes a batch for each shares nothing and loses nothing. The key holds
 * document, variables, tenant and scope, so that nobody gets what another may see.
 */
export const createShare = (): Share => {
  const results = new WeakMap<object, Map<string, MaybeLate>>();
  return {
    execute(event, shareKey, run) {
      if (typeof event !== 'object' || event === null) return run();
      const byKey = results.get(event) ?? new Map<string, MaybeLate>();
      results.set(event, byKey);
      const known = byKey.get(shareKey);
      if (known) return known;
      const result = run();
      byKey.set(shareKey, result);
      return result;
    },
  };
};
