import { Type, type Static } from 'typebox';
import {
  notional,
  openLedger,
  openLossWatch,
  positionOf,
  price,
  recordBuy,
  recordSell,
  settleMarket,
  watchEquity,
  type MarketRef,
} from '#core';
import { referenceModel } from '../reference-model.js';
import { decimal, hundredths, maybe, micros } from './case-input.js';

const daily = Type.Object({
  tsMs: Type.Array(Type.Integer()),
  equity: Type.Array(decimal),
  timeZone: Type.String(),
  startEquity: decimal,
  dailyLossLimit: decimal,
});

const settlement = Type.Object({
  startCash: decimal,
  events: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('buy'), Type.Literal('sell'), Type.Literal('settle')]),
      market: Type.String(),
      size: maybe(decimal),
      price: decimal,
      fee: maybe(decimal),
    }),
  ),
});

export const accountingModels = {
  'risk-accounting': referenceModel({
    title: 'daily loss by local day; settlement accounting',
    input: Type.Union([daily, settlement]),
    run: (input) => ('tsMs' in input ? dailyLoss(input) : settle(input)),
  }),
};

function dailyLoss({ tsMs, equity, timeZone, startEquity, dailyLossLimit }: Static<typeof daily>) {
  const watch = openLossWatch(micros(startEquity));
  // A drawdown limit of the whole: only the day's loss is asked about.
  const limits = { dayZone: timeZone, maxDailyLoss: micros(dailyLossLimit), maxDrawdown: 1_000_000, tripCooldownMs: 0 };
  const steps = tsMs.map((at, i) => {
    const now = micros(equity[i]);
    watchEquity(watch, at, now, limits);
    return {
      day: watch.day,
      dayStartEquity: watch.base / 1e6,
      dailyLoss: (watch.base - now) / watch.base,
      intradayDrawdown: (watch.dayPeak - now) / watch.dayPeak,
      tripped: watch.dailyTrip !== '',
    };
  });
  return { steps };
}

function settle({ startCash, events }: Static<typeof settlement>) {
  const ledger = openLedger(micros(startCash));
  const markets: string[] = [];
  const realised = new Map<string, number>();
  const steps = events.map((event) => {
    if (!markets.includes(event.market)) markets.push(event.market);
    const ref = markets.indexOf(event.market) as MarketRef;
    const paid = micros(event.price);
    const size = hundredths(event.size ?? 0);
    const fee = micros(event.fee ?? 0);
    let gained = 0;
    if (event.kind === 'buy') recordBuy(ledger, ref, 'yes', size, notional(paid, size) + fee, fee);
    else if (event.kind === 'sell') gained = recordSell(ledger, ref, 'yes', size, notional(paid, size) - fee, fee);
    else for (const one of settleMarket(ledger, ref, { kind: 'value', yesPays: price(paid) })) gained += one.realised;
    realised.set(event.market, (realised.get(event.market) ?? 0) + gained);
    const held = positionOf(ledger, ref, 'yes');
    return {
      cash: ledger.cash / 1e6,
      position: (held?.size ?? 0) / 100,
      costBasis: (held?.cost ?? 0) / 1e6,
      realized: (realised.get(event.market) ?? 0) / 1e6,
      market: event.market,
    };
  });
  return { steps, finalCash: ledger.cash / 1e6 };
}
