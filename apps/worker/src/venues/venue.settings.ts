import { Value } from 'typebox/value';
import { UserProblem, type FieldProblem } from '#core';
import type { Config } from '#host';
import type { VenuePlugin } from '#plugin-sdk';
import type { VenueSetting } from './listening.js';

/**
 * Each venue plugin with its part of the environment, checked against the plugin's own schema.
 *
 * @throws UserProblem with every complaint, when a plugin does not get what its schema asks for.
 */
export function venueSettings(plugins: readonly VenuePlugin[], config: Config): VenueSetting[] {
  const parts: Readonly<Record<string, unknown>> = { polymarket: config.polymarket, kalshi: config.kalshi };
  const fields: FieldProblem[] = [];
  const settings = plugins.map((plugin) => {
    const part = Value.Default(plugin.configSchema, structuredClone(parts[plugin.manifest.id] ?? {}));
    for (const error of Value.Errors(plugin.configSchema, part))
      fields.push({ path: `/${plugin.manifest.id}${error.instancePath}`, message: error.message });
    return { plugin, config: part };
  });
  if (fields.length > 0) throw new UserProblem('a venue plugin cannot be set up', fields);
  return settings;
}
