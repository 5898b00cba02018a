import { Type } from 'typebox';
import { orderCost, price, size, type FeeRule, type KalshiPrecision, type Liquidity } from '#core';
import { referenceModel } from '../reference-model.js';
import { decimal, hundredths, micros } from './case-input.js';

const kalshi = { kind: 'kalshi', takerRate: 70_000, makerRate: 17_500, multiplier: 1_000_000 } as const;
const polymarket = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' } as const;

/** The schedules the references name. `Simple` and `Index` are the one until early 2026: the order's fee up to the cent. */
const schedules: Readonly<Record<string, readonly [FeeRule, KalshiPrecision, Liquidity]>> = {
  kalshiTaker: [kalshi, 'cent', 'taker'],
  kalshiMaker: [kalshi, 'cent', 'maker'],
  kalshiDirectMember: [kalshi, 'direct', 'taker'],
  kalshiSimple: [{ ...kalshi, rounding: 'order-cent' }, 'cent', 'taker'],
  kalshiIndex: [{ ...kalshi, multiplier: 500_000, rounding: 'order-cent' }, 'cent', 'taker'],
  pm4floor: [polymarket, 'direct', 'taker'],
  pm7half: [{ ...polymarket, rate: 70_000, rounding: 'half-up' }, 'direct', 'taker'],
  pm25exp2ceil: [{ ...polymarket, rate: 250_000, exponent: 2, rounding: 'ceil' }, 'direct', 'taker'],
};

export const feeModels = {
  fees: referenceModel({
    title: 'venue fees, exact decimal arithmetic',
    input: Type.Object({ fills: Type.Array(Type.Object({ price: decimal, size: decimal })) }),
    run({ fills }) {
      const parts = fills.map((fill) => ({ price: price(micros(fill.price)), size: size(hundredths(fill.size)) }));
      return Object.fromEntries(
        Object.entries(schedules).map(([name, [rule, precision, liquidity]]) => {
          const cost = orderCost(rule, parts, precision, 'buy', liquidity);
          return [name, { debit: cost.cash / 1e6, fee: cost.fee / 1e6 }];
        }),
      );
    },
  }),
};
