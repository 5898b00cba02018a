import { isDeepStrictEqual } from 'node:util';
import { Value } from 'typebox/value';
import { Defect } from '#core';
import { SDK_VERSION, type Manifest } from '../manifest.js';
import type { Signal, StrategyPlugin } from '../strategy.js';
import { conformanceTape, conformanceWorld } from './conformance-tape.js';
import { frozen } from './frozen.js';
import { strategyBench, type StrategyBench } from './strategy-bench.js';
import type { BenchOptions, BenchStep } from './strategy-bench.types.js';

/** A named check; `run` throws `Defect` with a sentence when the plugin fails it. Any test runner can list them. */
export interface ConformanceCheck {
  readonly name: string;
  run(): void;
}

const STEPS = 1_500;
const SEED = 20_260_901;

/**
 * What every strategy must pass, whatever it does. Plays one lively tape over `world` (two venues, links, groups unless
 * another is given) again and again: twice, cut short, and with a restart in the middle.
 *
 *     it.each(strategyConformance(plugin))('$name', ({ run }) => expect(run).not.toThrow());
 */
export function strategyConformance(
  plugin: StrategyPlugin,
  world: BenchOptions = conformanceWorld,
): readonly ConformanceCheck[] {
  const tape = conformanceTape(world, STEPS, SEED);
  return [
    { name: 'has a valid manifest', run: () => checkManifest(plugin.manifest) },
    { name: 'describes its config as a form needs it', run: () => checkSchema(plugin.configSchema) },
    { name: 'is frozen', run: () => check(Object.isFrozen(plugin), 'the plugin can be changed after it was defined') },
    {
      name: 'starts from a fresh state each time',
      run: () => {
        const { config } = strategyBench(plugin, world).view;
        const first: unknown = plugin.initialState(config);
        check(isDeepStrictEqual(first, plugin.initialState(config)), 'two initial states of one config differ');
        check(
          typeof first !== 'object' || first === null || first !== plugin.initialState(config),
          'two sessions would share one state',
        );
        check(
          isDeepStrictEqual(first, structuredClone(first)),
          'the initial state does not survive a structured clone',
        );
      },
    },
    {
      name: 'has something to say on the tape',
      run: () =>
        check(
          playAll(plugin, world, tape).some((signals) => signals.length > 0),
          'no signal at all: give the suite a world that concerns the strategy',
        ),
    },
    {
      name: 'says the same on the same tape',
      run: () => same(playAll(plugin, world, tape), playAll(plugin, world, tape), 'two runs over one tape differ'),
    },
    {
      name: 'goes on the same after a snapshot and restart',
      run: () => {
        const whole = playAll(plugin, world, tape);
        for (const every of [1, 7, 400]) {
          const restarted = playAll(plugin, world, tape, (bench, i) => {
            if (i % every === 0) bench.restart();
          });
          same(whole, restarted, `restarting every ${every} steps changes the signals`);
        }
      },
    },
    {
      name: 'does not peek: cutting the tape leaves the earlier signals',
      run: () => {
        const whole = playAll(plugin, world, tape);
        for (const cut of [1, STEPS >> 2, STEPS >> 1, STEPS - 1]) {
          const other = conformanceTape(world, STEPS, SEED + cut);
          const forked = playAll(plugin, world, [...tape.slice(0, cut), ...other]);
          same(
            whole.slice(0, cut),
            forked.slice(0, cut),
            `what came after step ${cut} changed what was said before it`,
          );
        }
      },
    },
    {
      name: 'asks for sound orders',
      run: () => {
        for (const signal of playAll(plugin, world, tape).flat()) checkSignal(signal);
      },
    },
    {
      name: 'leaves its inputs alone',
      run: () => {
        // Everything the bench hands out is frozen, so that a write throws here.
        const config = frozen(structuredClone(strategyBench(plugin, world).view.config));
        plugin.initialState(config);
        playAll(plugin, world, tape.slice(0, STEPS >> 1));
      },
    },
  ];
}

function playAll(
  plugin: StrategyPlugin,
  world: BenchOptions,
  tape: readonly BenchStep[],
  before: (bench: StrategyBench, step: number) => void = () => undefined,
): (readonly Signal[])[] {
  const bench = strategyBench(plugin, world);
  return tape.map((step, i) => {
    before(bench, i);
    return bench.play(step).signals;
  });
}

function checkManifest(manifest: Manifest): void {
  check(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(manifest.id),
    `the id ${manifest.id} is not of lower-case words joined by hyphens`,
  );
  check(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(manifest.version), `${manifest.version} is not a semantic version`);
  check(
    manifest.title.trim() !== '' && manifest.summary.trim() !== '',
    'title and summary are shown to people and must not be empty',
  );
  const major = SDK_VERSION.split('.')[0];
  check(
    new RegExp(`^[\\^~]?${major}(\\.|$)`).test(manifest.sdk),
    `sdk ${manifest.sdk} does not admit version ${SDK_VERSION}`,
  );
}

interface FieldSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

function checkSchema(schema: object): void {
  const { type, properties = {} } = schema as { type?: string; properties?: Record<string, FieldSchema> };
  check(type === 'object', 'the config schema is not an object');
  for (const [name, field] of Object.entries(properties)) {
    check((field.title ?? '') !== '', `${name} has no title`);
    check((field.description ?? '') !== '', `${name} has no description`);
    check('default' in field, `${name} has no default`);
    if (field.type !== 'integer' && field.type !== 'number') continue;
    check((field.unit ?? '') !== '', `${name} has no unit`);
    check(
      field.minimum !== undefined && field.maximum !== undefined,
      `${name} has no range, so no sweep could vary it`,
    );
  }
  check(Value.Check(schema, Value.Default(schema, {})), 'the defaults do not pass the schema');
  check(
    isDeepStrictEqual(JSON.parse(JSON.stringify(schema)), schema),
    'the schema says something JSON cannot carry to a form',
  );
}

function checkSignal(signal: Signal): void {
  if (signal.kind === 'order') {
    check(signal.legs.length > 0, 'an order without legs');
    check(signal.reason !== '', 'an order without a reason');
    for (const leg of signal.legs) {
      check(Number.isInteger(leg.size) && leg.size > 0, `a leg of size ${leg.size}`);
      check(Number.isInteger(leg.limit) && leg.limit > 0 && leg.limit < 1_000_000, `a leg with the limit ${leg.limit}`);
      check(leg.size === signal.legs[0].size, 'legs of different sizes');
    }
  }
  const sighting = signal.kind === 'gone' ? undefined : signal.sighting;
  if (sighting === undefined) return;
  check((sighting.reason === '') === (signal.kind === 'order'), 'a sighting needs a reason, an order none');
  check(
    Number.isInteger(sighting.gross) && Number.isInteger(sighting.net) && Number.isInteger(sighting.size),
    'a sighting with broken numbers',
  );
  const last = sighting.waterfall.at(-1);
  const sum = sighting.waterfall.slice(0, -1).reduce((total, step) => total + step.amount, 0);
  check(
    last === undefined || sum === last.amount,
    `a waterfall of lines that add up to ${sum} and ends in ${last?.amount}`,
  );
}

function same(a: readonly (readonly Signal[])[], b: readonly (readonly Signal[])[], message: string): void {
  const at = a.findIndex((signals, i) => !isDeepStrictEqual(signals, b[i]));
  check(at < 0 && a.length === b.length, `${message} (first at step ${at})`);
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new Defect(message);
}
