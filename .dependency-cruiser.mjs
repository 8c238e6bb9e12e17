/** The arrows of the house: upstream → poller → mirror → schema → server; see docs/architecture.md. */
const stages = ['upstream', 'poller', 'mirror', 'schema', 'server'];
const bases = ['clock', 'config', 'observability'];

const oneWay = stages.map((stage, index) => ({
  name: `${stage}-reads-only-from-its-left`,
  comment: `${stage} may import itself, what stands left of it (${stages.slice(0, index).join(', ') || 'nothing'}) and the base folders.`,
  severity: 'error',
  from: { path: `^src/${stage}/` },
  to: { path: '^src/', pathNot: `^src/(${[...stages.slice(0, index + 1), ...bases].join('|')})/` },
}));

/** A stage's inside is its own; the contract files of schema are the one exception, read by the server for every request. */
const throughTheDoor = stages.map((stage) => ({
  name: `${stage}-has-one-door`,
  comment: `Outside src/${stage}, only its index.ts is imported.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${stage}/` },
  to: {
    path: `^src/${stage}/`,
    pathNot: `^src/${stage}/index\\.ts$${stage === 'schema' ? '|^src/schema/(context|errors|stepped)\\.ts$' : ''}`,
  },
}));

export default {
  forbidden: [
    ...oneWay,
    ...throughTheDoor,
    {
      name: 'simulator-knows-only-the-clock',
      comment: 'It plays the vendor: shared code would share mistakes.',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: { path: '^src/', pathNot: '^src/(simulator|clock)/' },
    },
    {
      name: 'nobody-knows-the-simulator',
      severity: 'error',
      from: { path: `^src/(${[...stages, ...bases, 'client'].join('|')})/` },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'the-client-stands-alone',
      comment: 'It is copied into browsers: nothing of the gateway may come with it.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/', pathNot: '^src/client/' },
    },
    {
      name: 'bases-know-no-stage',
      comment: 'Config may ask upstream what a base address is; nothing else.',
      severity: 'error',
      from: { path: `^src/(${bases.join('|')})/` },
      to: { path: '^src/', pathNot: `^src/(${bases.join('|')})/|^src/upstream/index\\.ts$` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      // The filters of GraphQL types that point at each other name each other, behind thunks.
      from: { path: '^src/', pathNot: '^src/schema/(.+/filter|filter/.+)\\.ts$' },
      // A cycle of types alone is erased before anything runs.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-what-is-declared',
      comment: 'A package that package.json does not list works by luck.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
