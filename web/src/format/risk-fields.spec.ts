import { describe, expect, it } from 'vitest';
import { fromText, RISK_FIELDS, riskAmount, ruleName, toText, type RiskUnit } from './risk-fields';

const LIMITS = [
  'maxPositionSize',
  'maxMarketCost',
  'maxGroupLoss',
  'maxClusterLoss',
  'maxGross',
  'maxVenue',
  'maxNaked',
  'ordersPerSecond',
  'orderBurst',
  'maxOpenOrders',
  'maxCancelRatio',
  'maxQuoteAgeMs',
  'maxThroughAsk',
  'maxThroughFair',
  'maxDepthShare',
  'maxDailyLoss',
  'maxDrawdown',
  'tripCooldownMs',
  'maxLosingCloses',
  'losingCooldownMs',
  'dayZone',
];

describe('the risk profile', () => {
  it('has a field for every limit, each once', () => {
    expect(RISK_FIELDS.map((field) => field.key).sort()).toEqual([...LIMITS].sort());
  });

  it('shows stored integers in the unit a person thinks in', () => {
    const shown: [RiskUnit, number, string][] = [
      ['money', 500_000_000, '500'],
      ['contracts', 50_050, '500.5'],
      ['share', 25_000, '2.5'],
      ['cents', 15_000, '1.5'],
      ['ms', 2_000, '2000'],
      ['minutes', 1_800_000, '30'],
      ['count', 5, '5'],
    ];
    for (const [unit, stored, text] of shown) {
      expect(toText(unit, stored)).toBe(text);
      expect(fromText(unit, text)).toEqual({ value: stored });
    }
  });

  it('leaves a missing limit empty and refuses to save it so', () => {
    expect(toText('money', undefined)).toBe('');
    expect(fromText('money', ' ')).toEqual({ problem: 'Required: a missing limit denies every order' });
  });

  it.each(['-1', '1e3', 'abc', '1,5', 'NaN', 'Infinity', '0x10'])('refuses %s', (text) => {
    expect(fromText('money', text)).toHaveProperty('problem');
  });

  it('refuses more decimals than the unit holds', () => {
    expect(fromText('contracts', '1.005')).toEqual({ problem: 'At most 2 decimals' });
    expect(fromText('count', '1.5')).toEqual({ problem: 'At most 0 decimals' });
  });

  it('refuses shares above everything and numbers beyond exact integers', () => {
    expect(fromText('share', '100.01')).toEqual({ problem: 'At most 100 %' });
    expect(fromText('money', '99999999999')).toEqual({ problem: 'Too large' });
  });

  it('shows uses and headroom in the engine’s units', () => {
    expect([
      riskAmount('micro-dollars', 471_000_000),
      riskAmount('micro-dollars', 389_200),
      riskAmount('micro-dollars', 4_300),
      riskAmount('hundredths', 16_000),
      riskAmount('ppm', 840),
      riskAmount('ms', 1_200),
      riskAmount('count', 2),
      riskAmount('', null),
    ]).toEqual(['$471.00', '$0.39', '$0.0043', '160', '0.08\u202f%', '1.2 s', '2', '–']);
    expect(ruleName('maxGross')).toBe('Gross capital');
  });
});
