import { fileURLToPath } from 'node:url';
import type { CodegenConfig } from '@graphql-codegen/cli';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Types of the page's operations, from the agreed schema. `npm run codegen` must leave no diff. */
const config: CodegenConfig = {
  schema: at('../schema.graphql'),
  documents: [at('./src/api/*.graphql')],
  ignoreNoDocuments: false,
  generates: {
    [at('../docs/graphql.md')]: { plugins: [at('../scripts/graphql-docs.cjs')] },
    [at('./src/generated/')]: {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        strictScalars: true,
        scalars: { Instant: 'number', Micros: 'number', Hundredths: 'number', JSON: 'unknown' },
      },
    },
  },
};

export default config;
