import { isDeepStrictEqual } from 'node:util';
import type { ModelOutput, ModelPlugin } from '../model.js';
import { check, commonChecks, type ConformanceCheck } from './conformance.js';
import { conformanceTape, conformanceWorld } from './conformance-tape.js';
import { frozen } from './frozen.js';
import { modelBench, type ModelBench, type ModelStep } from './model-bench.js';
import type { BenchOptions } from './strategy-bench.types.js';

const STEPS = 1_500;
const SEED = 20_260_902;
/** Every so many books somebody trades at one of their prices. */
const TRADE_EVERY = 3;
/** Every so many steps a link is rejected, or reviewed again. */
const LINK_EVERY = 90;

/**
 * What every model must pass, whatever it believes. Plays one lively tape with trades over `world` again and again: twice,
 * cut short, and with a restart in the middle.
 *
 *     it.each(modelConformance(plugin))('$name', ({ run }) => expect(run).not.toThrow());
 */
export function modelConformance(
  plugin: ModelPlugin,
  world: BenchOptions = conformanceWorld,
): readonly ConformanceCheck[] {
  const tape = tapeWithTrades(world, SEED);
  return [
    ...commonChecks(plugin),
    {
      name: 'starts from a fresh state each time',
      run: () => {
        const { config } = modelBench(plugin, world);
        const first: unknown = plugin.initialState(config);
        const second: unknown = plugin.initialState(config);
        check(isDeepStrictEqual(first, second), 'two initial states of one config differ');
        check(typeof first !== 'object' || first === null || first !== second, 'two sessions would share one state');
        check(
          isDeepStrictEqual(first, structuredClone(first)),
          'the initial state does not survive a structured clone',
        );
      },
    },
    {
      name: 'has something to say on the tape, in finite numbers with its band around them',
      run: () => {
        const said = playAll(plugin, world, tape).flat();
        check(said.length > 0, 'no estimate at all: give the suite a world that concerns the model');
        for (const { name, value, low, high } of said) {
          check(name !== '', 'an estimate without a name');
          check(Number.isFinite(value), `${name} is ${value}`);
          check(low === undefined || low <= value, `${name} is ${value}, below its band from ${low}`);
          check(high === undefined || high >= value, `${name} is ${value}, above its band to ${high}`);
        }
      },
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
          same(whole, restarted, `restarting every ${every} steps changes the estimates`);
        }
      },
    },
    {
      name: 'does not peek: cutting the tape leaves the earlier estimates',
      run: () => {
        const whole = playAll(plugin, world, tape);
        for (const cut of [1, STEPS >> 2, STEPS >> 1, STEPS - 1]) {
          const forked = playAll(plugin, world, [...tape.slice(0, cut), ...tapeWithTrades(world, SEED + cut)]);
          same(
            whole.slice(0, cut),
            forked.slice(0, cut),
            `what came after step ${cut} changed what was said before it`,
          );
        }
      },
    },
    {
      name: 'leaves its inputs alone',
      run: () => {
        // Everything the bench hands out is frozen, so that a write throws here.
        plugin.initialState(frozen(structuredClone(modelBench(plugin, world).config)));
        playAll(plugin, world, tape.slice(0, STEPS >> 1));
      },
    },
  ];
}

/** Trades, and a link that is withdrawn and reviewed again now and then. */
function tapeWithTrades(world: BenchOptions, seed: number): readonly ModelStep[] {
  const links = world.links ?? [];
  let books = 0;
  return conformanceTape(world, STEPS, seed).flatMap((step, i): readonly ModelStep[] => {
    if (links.length > 0 && (i + seed) % LINK_EVERY === 0) {
      const turn = Math.floor((i + seed) / LINK_EVERY);
      const state = turn % 2 === 0 ? ('rejected' as const) : ('reviewed' as const);
      return [{ kind: 'link', link: { ...links[Math.floor(turn / 2) % links.length], state } }, step];
    }
    if (step.kind !== 'book') return [step];
    books++;
    const [bid] = step.book.bids ?? [];
    const [ask] = step.book.asks ?? [];
    const taken = books % 2 === 0 ? bid : ask;
    if (books % TRADE_EVERY !== 0 || taken === undefined) return [step];
    const taker = books % 4 === 0 ? null : taken === bid ? ('sell' as const) : ('buy' as const);
    return [step, { kind: 'trade', market: step.market, trade: { price: taken[0], contracts: taken[1], taker } }];
  });
}

function playAll(
  plugin: ModelPlugin,
  world: BenchOptions,
  tape: readonly ModelStep[],
  before: (bench: ModelBench, step: number) => void = () => undefined,
): (readonly ModelOutput[])[] {
  const bench = modelBench(plugin, world);
  return tape.map((step, i) => {
    before(bench, i);
    return bench.play(step);
  });
}

function same(a: readonly (readonly ModelOutput[])[], b: readonly (readonly ModelOutput[])[], message: string): void {
  const at = a.findIndex((said, i) => !isDeepStrictEqual(said, b[i]));
  check(at < 0 && a.length === b.length, `${message} (first at step ${at})`);
}
