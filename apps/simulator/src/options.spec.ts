import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';
import { readSchedule } from './wire/faults.js';

describe('the simulator’s options', () => {
  it('come from arguments, then from the environment', () => {
    const options = readOptions(['--state', '/s', '--rate', '3'], { SIMULATOR_RATE: '9', SIMULATOR_SEED: '4' });
    expect(options).toMatchObject({ stateDir: '/s', rate: 3, seed: 4, pace: 'real', loop: true, load: false });
    expect(readOptions(['--state', '/s', '--pace', 'flat'], {}).loop).toBe(false);
  });

  it('are complained about all together', () => {
    expect(() => readOptions(['--rate', '0', '--pace', 'fast', '--misbehave', 'sulk@3'], {})).toThrow(
      /--state DIR is missing.*--pace is "fast".*kind is not known.*--rate is "0"/,
    );
  });

  it('hold a schedule of faults', () => {
    expect(
      readSchedule('disconnect:kalshi@30, silence:polymarket@60+20,resolve:outcome=yes@90.5,drop:share=0.5@1'),
    ).toEqual([
      { atMs: 30_000, body: { kind: 'disconnect', venue: 'kalshi' } },
      { atMs: 60_000, body: { kind: 'silence', venue: 'polymarket', forMs: 20_000 } },
      { atMs: 90_500, body: { kind: 'resolve', outcome: 'yes' } },
      { atMs: 1_000, body: { kind: 'drop', share: 0.5 } },
    ]);
    expect(() => readSchedule('disconnect')).toThrow('is not kind');
  });
});
