import type { FeeRule, FeeSchedule, MarketInfo } from '#core';

const scaled = (rate: number, ppm: number): number => Math.round((rate * ppm) / 1_000_000);

function scaledRule(rule: FeeRule, ppm: number): FeeRule {
  switch (rule.kind) {
    case 'none':
      return rule;
    case 'kalshi':
      return {
        ...rule,
        takerRate: scaled(rule.takerRate, ppm),
        makerRate: scaled(rule.makerRate, ppm),
      };
    case 'polymarket':
      return { ...rule, rate: scaled(rule.rate, ppm) };
  }
}

/** The market with its fees at so many parts per million of the venue's own. */
export function withFees(info: MarketInfo, ppm: number): MarketInfo {
  if (ppm === 1_000_000 || info.fees === null) return info;
  const fees: FeeSchedule = info.fees.map(({ from, rule }) => ({
    from,
    rule: scaledRule(rule, ppm),
  }));
  return { ...info, fees };
}
