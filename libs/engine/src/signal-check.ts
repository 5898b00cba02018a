import type { World } from './world.js';

/** What no column holds: the NUL character, halves of pairs. */
const UNWRITABLE = /[\0\ud800-\udfff]/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Why what a hook gave back is no signal, `''` when it is one. Types hold for plugins that were compiled against them; one
 * that was not must not be able to stop the lane. Numbers are left to the gate, which refuses what is none.
 */
export function unsound(world: World, signal: unknown): string {
  if (!isFields(signal)) return 'it is not an object';
  switch (signal['kind']) {
    case 'gone':
      return typeof signal['direction'] === 'string' ? '' : 'it is gone in no direction';
    case 'cancel':
      return isKnown(world, signal['market'])
        ? ''
        : `it takes back on market ${String(signal['market'])}, which nobody announced`;
    case 'sighting':
      return unsoundSighting(world, signal['sighting']);
    case 'order': {
      const { legs, sighting } = signal;
      if (!Array.isArray(legs)) return 'the order has no legs';
      for (const leg of legs as readonly unknown[]) {
        if (!isFields(leg)) return 'a leg is not an object';
        if (!isKnown(world, leg['market']))
          return `a leg is on market ${String(leg['market'])}, which nobody announced`;
        if (leg['outcome'] !== 'yes' && leg['outcome'] !== 'no') return 'a leg is of no outcome';
        if (leg['action'] !== 'buy' && leg['action'] !== 'sell') return 'a leg neither buys nor sells';
        const rest = leg['restMs'];
        if (rest === undefined) continue;
        if (typeof rest !== 'number' || !(rest >= 0)) return 'a leg rests for no time';
        if (legs.length > 1) return 'only an order of one leg may rest';
      }
      return sighting === undefined ? '' : unsoundSighting(world, sighting);
    }
    default:
      return `its kind is ${String(signal['kind'])}`;
  }
}

/** Why what a model gave back is no estimate, `''` when it is one. A value that is no number is only passed over. */
export function unsoundOutput(world: World, output: unknown): string {
  if (!isFields(output)) return 'it is not an object';
  if (!isKnown(world, output['market'])) return `it is of market ${String(output['market'])}, which nobody announced`;
  const { name } = output;
  if (name === writable) return '';
  if (typeof name !== 'string' || name === '' || UNWRITABLE.test(name)) return 'it has no name';
  writable = name;
  return '';
}

/** The name that was found so last: a model gives the same with nearly every estimate. */
let writable = 'fair';

function unsoundSighting(world: World, sighting: unknown): string {
  if (!isFields(sighting)) return 'its sighting is not an object';
  const { markets, waterfall, direction, gross, net, size } = sighting;
  for (const [what, value] of Object.entries({ gross, net, size }))
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isSafeInteger(value))
      return `the ${what} of its sighting is ${value}, no whole number`;
  if (!Number.isSafeInteger(size)) return 'its sighting is of no size';
  if (!Array.isArray(markets) || !Array.isArray(waterfall) || typeof direction !== 'string')
    return 'its sighting lacks markets, waterfall or direction';
  const stranger = (markets as readonly unknown[]).find((market) => !isKnown(world, market));
  return stranger === undefined ? '' : `it saw market ${String(stranger)}, which nobody announced`;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isKnown = (world: World, market: unknown): boolean =>
  typeof market === 'number' && world.markets.states[market] !== undefined;
