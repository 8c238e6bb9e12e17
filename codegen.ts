import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for the published operations: what a client in TypeScript would generate for itself. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
        strictScalars: true,
        scalars: {
          DateTime: 'string',
          UUID: 'string',
          Cursor: 'string',
          Duration: 'string',
          JSON: 'unknown',
        },
      },
    },
  },
};

export default config;
