import { describe, expect, it } from 'vitest';
import { fromTyped } from '../../format';
import { SETTINGS, typedSettings, venueSettings } from './settings';
import { SWEEP_SETTINGS, sweepDefaults } from './sweep-form';

describe('the form of a new backtest', () => {
  it('begins with what the server takes: every default comes back as it is', () => {
    const typed = { ...typedSettings(SETTINGS), ...sweepDefaults() };
    for (const field of [...SETTINGS, ...SWEEP_SETTINGS])
      expect(fromTyped(field, typed[field.path]!), field.path).toEqual({ value: field.default });
  });

  it('takes delays in milliseconds, also by venue, and shows those of an earlier run again', () => {
    const [kalshi] = venueSettings(['kalshi']);
    for (const field of kalshi!.fields) expect(fromTyped(field, '40')).toEqual({ value: 40 });
    const shown = typedSettings([...SETTINGS, ...kalshi!.fields], {
      latency: 'constant',
      latencyMs: 120,
      venues: { kalshi: { latencyMs: 40 } },
    });
    expect(shown).toMatchObject({ '/latencyMs': '120', '/venues/kalshi/latencyMs': '40', '/venues/kalshi/feedMs': '' });
  });
});
