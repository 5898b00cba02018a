import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { webRoot } from '../web/web-root.js';
import { printedSchema } from './print-schema.js';

/** Writes `schema.graphql` anew: `node dist/apps/api/src/graphql/write-schema.js` after a build. */
writeFileSync(join(dirname(dirname(webRoot(import.meta.dirname))), 'schema.graphql'), await printedSchema());
