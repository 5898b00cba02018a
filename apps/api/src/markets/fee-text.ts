import { ruleAt, type FeeSchedule } from '#core';

const percent = (ppm: number): string => `${Number((ppm / 10_000).toFixed(4))} %`;

/** What a fill costs, in one sentence; P is the price of the contract in dollars. */
export function feeText(schedule: FeeSchedule | null, at: number): { readonly known: boolean; readonly text: string } {
  const rule = ruleAt(schedule, at);
  if (!rule) return { known: false, text: 'The fee is not known; nothing is traded here.' };
  switch (rule.kind) {
    case 'none':
      return { known: true, text: 'No fee.' };
    case 'kalshi': {
      const rate = (ppm: number): string => percent((ppm * rule.multiplier) / 1_000_000);
      const maker = rule.makerRate > 0 ? `makers ${rate(rule.makerRate)}` : 'makers nothing';
      return {
        known: true,
        text: `Takers pay ${rate(rule.takerRate)} of P × (1 − P) a contract, ${maker}; rounded up per fill.`,
      };
    }
    case 'polymarket': {
      if (rule.rate === 0) return { known: true, text: 'No fee.' };
      const power = rule.exponent === 1 ? 'P × (1 − P)' : `(P × (1 − P))^${rule.exponent}`;
      return { known: true, text: `Takers pay ${percent(rule.rate)} of ${power} a contract, makers nothing.` };
    }
  }
}
