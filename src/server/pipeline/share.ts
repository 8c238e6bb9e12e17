import type { ExecutionResult } from 'graphql';

export type Share = {
  execute(
    payload: unknown,
    shareKey: string,
    run: () => Promise<ExecutionResult>,
  ): ExecutionResult | Promise<ExecutionResult>;
};

/**
 * Identical operations on one event execute once. A source that hands the same batch object to many subscribers
 * makes them share its result; a source that makes a batch for each shares nothing and loses nothing. The key holds
 * document, variables, tenant and viewer, so that nobody gets what another may see.
 */
export const createShare = (): Share => {
  const results = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();
  return {
    execute(payload, shareKey, run) {
      if (typeof payload !== 'object' || payload === null) return run();
      const byKey = results.get(payload) ?? new Map<string, Promise<ExecutionResult>>();
      results.set(payload, byKey);
      const known = byKey.get(shareKey);
      if (known) return known;
      const result = run();
      byKey.set(shareKey, result);
      return result;
    },
  };
};
