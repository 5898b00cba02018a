import { readFile } from 'node:fs/promises';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { UserProblem, type Link, type LinkId, type MarketId } from '#core';
import { fingerprint } from './fingerprint.js';
import type { JobHouse } from './job.types.js';

const LinksFile = Type.Array(
  Type.Object({
    a: Type.String({ pattern: '^[^:]+:.+' }),
    b: Type.String({ pattern: '^[^:]+:.+' }),
    polarity: Type.Union([Type.Literal('same'), Type.Literal('inverse')]),
    mismatch: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], { default: null }),
    differences: Type.Array(Type.String(), { default: [] }),
  }),
);

/**
 * Links as the configured file states them.
 *
 * @throws UserProblem when the file cannot be read or an entry is not as it should be.
 */
export async function readLinksFile(path: string | null): Promise<Link[]> {
  if (path === null) return [];
  let entries: unknown;
  try {
    entries = Value.Default(LinksFile, JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new UserProblem(`the links file ${path} cannot be read: ${(error as Error).message}`);
  }
  const errors = Value.Errors(LinksFile, entries);
  if (errors.length > 0) {
    throw new UserProblem(
      `the links file ${path} is not as it should be: ${errors[0].instancePath} ${errors[0].message}`,
      errors.map((error) => ({ path: error.instancePath, message: error.message })),
    );
  }
  return (entries as Static<typeof LinksFile>).map((entry) => ({
    id: `config-${fingerprint([entry.a, entry.b])}` as LinkId,
    version: 1,
    a: entry.a as MarketId,
    b: entry.b as MarketId,
    polarity: entry.polarity,
    state: 'reviewed',
    mismatch: entry.mismatch,
    differences: entry.differences,
    reviewedBy: 'config',
  }));
}

/** Puts links of the configured file on the tape, each once: what a person has changed since is not overwritten. */
export async function syncLinks(house: JobHouse): Promise<string> {
  const links = await readLinksFile(house.config.linksFile);
  if (links.length === 0) return 'no links in the configured file';
  await house.say?.(`${links.length} links in the configured file`);
  const known = await house.known.links(house.lane);
  const markets = new Set<string>();
  for (const { plugin } of house.venues)
    for (const id of (await house.known.markets(house.lane, plugin.manifest.id)).keys()) markets.add(id);
  let put = 0;
  let waiting = 0;
  for (const link of links) {
    if (known.has(link.id)) continue;
    if (!markets.has(link.a) || !markets.has(link.b)) {
      waiting += 1;
      await house.say?.(`${link.a} ↔ ${link.b} waits for ${markets.has(link.a) ? link.b : link.a}`);
      continue;
    }
    await house.inbox.put({
      id: `link-${house.lane}-${link.id}`,
      lane: house.lane,
      kind: 'link',
      body: link,
      by: 'config',
    });
    put += 1;
    await house.say?.(`${link.a} ↔ ${link.b} put on the tape`);
  }
  const note = put === 0 ? 'nothing has changed' : `${put} links put on the tape`;
  return waiting > 0 ? `${note}; ${waiting} wait for their markets` : note;
}
