import { expect, it } from 'vitest';
import type { FillEntry, MarketRef, Price } from '#core';
import type { Quote } from '#plugin-sdk';
import type { KernelLook } from '../kernel.types.js';
import { MarkOuts } from './mark-outs.js';

const fill = (over: Readonly<Record<string, unknown>>): FillEntry =>
  ({ outcome: 'yes', action: 'buy', size: 100, notional: 500_000, at: 0, ...over }) as unknown as FillEntry;
const shows = (bid: number, ask: number, trusted = true) =>
  ({ quote: () => ({ bid: bid as Price, ask: ask as Price, trusted }) as Quote }) as unknown as KernelLook;
const ref = 0 as MarketRef;

it('tells what contracts had gained by the middle of the market, whichever side was taken', () => {
  const outs = new MarkOuts();
  outs.fill(fill({}), ref);
  outs.fill(fill({ outcome: 'no', size: 300, notional: 1_800_000 }), ref);
  outs.fill(fill({ action: 'sell', notional: 450_000 }), ref);
  outs.tick(shows(0, 1_000_000), 999);
  expect(outs.told()[0]).toEqual({ afterMs: 1_000, fills: 0, perContract: null });
  outs.tick(shows(430_000, 450_000), 1_000);
  // YES bought at 0.50 is at 0.44; three of NO at 0.60 less NO at 0.56; YES sold at 0.45.
  expect(outs.told()[0]).toEqual({ afterMs: 1_000, fills: 3, perContract: (-60_000 - 3 * 40_000 + 10_000) / 5 });
  expect(outs.told()[1].fills).toBe(0);
});

it('leaves out what no trusted book with two sides can tell', () => {
  const outs = new MarkOuts();
  outs.fill(fill({}), ref);
  outs.tick(shows(-1, 450_000), 1_000);
  outs.tick(shows(430_000, 450_000, false), 10_000);
  outs.tick(shows(530_000, 550_000), 60_000);
  expect(outs.told().map(({ fills }) => fills)).toEqual([0, 0, 1, 0]);
  expect(outs.told()[2].perContract).toBe(40_000);
});
