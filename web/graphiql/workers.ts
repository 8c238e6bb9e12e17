// Written in by the build: the workers are bundles of their own, named by their content.
declare const EDITOR_WORKER_URL: string;
declare const JSON_WORKER_URL: string;
declare const GRAPHQL_WORKER_URL: string;

const urls: Readonly<Record<string, string>> = { json: JSON_WORKER_URL, graphql: GRAPHQL_WORKER_URL };

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_workerId: string, label: string) => new Worker(urls[label] ?? EDITOR_WORKER_URL),
  },
});
