import { describe, expect, it } from 'vitest';
import {
  absolute,
  bytes,
  cents,
  change,
  contracts,
  count,
  directionName,
  duration,
  exactDigits,
  fineMoney,
  micros,
  money,
  probability,
  rate,
  readable,
  relative,
  share,
  short,
  shortId,
  shortSize,
  signedCents,
  signedMoney,
  size,
  tone,
  verdictName,
  words,
} from './index';

describe('prices', () => {
  it('shows micro-dollars as cents with one decimal, two on a sub-cent grid', () => {
    expect([0, 410_000, 412_500, 999_000, 1_000_000].map((value) => cents(value))).toEqual([
      '0.0¢',
      '41.0¢',
      '41.25¢',
      '99.9¢',
      '100.0¢',
    ]);
  });
  it('reads the same number as a probability', () => {
    expect(probability(410_000)).toBe('41.0\u202f%');
  });
  it('says that a value is missing instead of showing zero', () => {
    expect([cents(null), probability(undefined), signedCents(null), money(null), size(null), count(undefined)]).toEqual(
      Array<string>(6).fill('–'),
    );
  });
  it('signs a difference with a true minus, and never a zero', () => {
    expect([signedCents(13_000), signedCents(-8_000), signedCents(0), signedCents(20_000, 2)]).toEqual([
      '+1.3¢',
      '−0.8¢',
      '0.0¢',
      '+2.00¢',
    ]);
  });
});

describe('money', () => {
  it('groups thousands and keeps cents', () => {
    expect([money(1_234_560_000), money(-12_300_000), money(0)]).toEqual(['$1,234.56', '−$12.30', '$0.00']);
  });
  it('does not write minus zero', () => {
    expect([money(-1_000), signedMoney(-1_000), signedMoney(1_000)]).toEqual(['$0.00', '$0.00', '$0.00']);
  });
  it('shows fees below a dollar to a hundredth of a cent', () => {
    expect([exactDigits([480_000, -117_600, 0]), exactDigits([1, 5]), exactDigits([])]).toEqual([4, 6, 2]);
    expect([fineMoney(387_000), fineMoney(-30_900), fineMoney(270_000), fineMoney(6_330_000)]).toEqual([
      '$0.3870',
      '−$0.0309',
      '$0.27',
      '$6.33',
    ]);
  });
  it('tells gains from losses, and zero from both', () => {
    expect([tone(1), tone(-1), tone(0), tone(null)]).toEqual(['gain', 'loss', '', '']);
  });
  it('measures a change against its base, and not against nothing', () => {
    expect([change(10_100, 10_000), change(9_900, 10_000), change(10_000, 10_000), change(5, 0)]).toEqual([
      '+1.00\u202f%',
      '−1.00\u202f%',
      '0.00\u202f%',
      '–',
    ]);
  });
});

describe('amounts', () => {
  it('turns hundredths into contracts', () => {
    expect([size(125_000), size(1_250), size(1), contracts(100), contracts(250)]).toEqual([
      '1,250',
      '12.5',
      '0.01',
      '1 contract',
      '2.5 contracts',
    ]);
  });
  it('shortens to three digits and never to 1000k', () => {
    expect([shortSize(99_900), short(12_345), short(999_900), short(4_560_000), short(2.5e9)]).toEqual([
      '999',
      '12.3k',
      '1M',
      '4.56M',
      '2.5G',
    ]);
  });
  it('shows slow rates with a decimal', () => {
    expect([rate(0), rate(0.42), rate(12.4), rate(1_411)]).toEqual(['0', '0.4', '12', '1.41k']);
  });
  it('shows bytes in binary multiples and shares in percent', () => {
    expect([bytes(812), bytes(4_299_161), share(20_000), share(125_000)]).toEqual([
      '812 B',
      '4.1 MiB',
      '2\u202f%',
      '12.5\u202f%',
    ]);
  });
});

describe('time', () => {
  const now = Date.UTC(2026, 9, 5, 12, 0, 0);
  it('says how long ago, or how long to go', () => {
    const ago = (ms: number) => relative(now - ms, now);
    expect([ago(400), ago(12_000), ago(250_000), ago(3 * 3_600_000), ago(49 * 3_600_000), ago(-7_200_000)]).toEqual([
      'now',
      '12 s ago',
      '4 min ago',
      '3 h ago',
      '2 d ago',
      'in 2 h',
    ]);
  });
  it('keeps milliseconds in the exact time', () => {
    expect(absolute(now + 7)).toMatch(/\.007$/);
  });
  it('scales spans from microseconds to hours', () => {
    expect([micros(41), duration(3.25), duration(84), duration(3_400), duration(125_000), duration(3_840_000)]).toEqual(
      ['41 µs', '3.3 ms', '84 ms', '3.4 s', '2 min 5 s', '1 h 4 min'],
    );
  });
});

describe('names', () => {
  it('reads identifiers as words', () => {
    expect([words('hash-mismatch'), words('maxGross'), words(''), verdictName('net-negative')]).toEqual([
      'Hash mismatch',
      'Max gross',
      '',
      'Net-negative',
    ]);
  });
  it('reads an engine sentence with venue names for ids', () => {
    expect(readable('net -$0.009803 a contract, the least edge is $0.005')).toBe(
      'net \u22120.98¢ a contract, the least edge is 0.5¢',
    );
    expect(readable('buy 28 contracts at 0.08 or better, ask 0.15 now 211 for $24.92 and -$1.69, $0.05 more')).toBe(
      'buy 28 contracts at 8¢ or better, ask 15¢ now 211 for $24.92 and \u2212$1.69, $0.05 more',
    );
    expect(readable('the cost in kalshi:KX-7 and on polymarket', ['kalshi:KX-7'])).toBe(
      'the cost in Kalshi and on Polymarket',
    );
  });
  it('keeps both ends of a long id', () => {
    expect(shortId('0x5f3a00000000000000000000000091cc')).toBe('0x5f3a…91cc');
  });
  it('says what an episode buys and where', () => {
    const pair = ['polymarket:a', 'kalshi:b'];
    expect([directionName('yes-no', pair), directionName('no-all', ['kalshi:a', 'kalshi:b', 'kalshi:c'])]).toEqual([
      'YES Polymarket, NO Kalshi',
      'NO of every outcome',
    ]);
    expect(directionName('long-ladder', pair)).toBe('Long ladder');
  });
});
