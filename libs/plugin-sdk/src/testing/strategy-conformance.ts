import { isDeepStrictEqual } from 'node:util';
import type { Signal, StrategyPlugin } from '../strategy.js';
import { check, commonChecks, type ConformanceCheck } from './conformance.js';
import { conformanceTape, conformanceWorld } from './conformance-tape.js';
import { frozen } from './frozen.js';
import { strategyBench, type StrategyBench } from './strategy-bench.js';
import type { BenchOptions, BenchStep } from './strategy-bench.types.js';

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
    ...commonChecks(plugin),
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
  const sighting = 'sighting' in signal ? signal.sighting : undefined;
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
