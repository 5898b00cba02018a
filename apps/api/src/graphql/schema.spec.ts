import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { expect, it } from 'vitest';
import { webRoot } from '../web/web-root.js';
import { printedSchema } from './print-schema.js';

const file = join(dirname(dirname(webRoot(import.meta.dirname))), 'schema.graphql');

it('declares exactly the schema that is committed', async () => {
  const printed = await printedSchema();
  if (process.env['ARBINTEL_WRITE_SCHEMA']) writeFileSync(file, printed);
  expect(printed).toBe(readFileSync(file, 'utf8'));
  // And what is committed stands on its own.
  expect(`${printSchema(lexicographicSortSchema(buildSchema(printed)))}\n`).toBe(printed);
});
