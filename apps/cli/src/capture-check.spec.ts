import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { kalshi, polymarket } from '#plugins';
import { sentences } from './capture-check.js';
import { checkCapture, readCapture } from './capture-check.run.js';

const samples = process.env['ARBINTEL_SAMPLES'] ?? '';
const sample = (venue: string, name: string): string => readFileSync(join(samples, venue, name), 'utf8');

describe('capture check', () => {
  it('refuses an empty capture and prints what it found of another', () => {
    expect(() => readCapture(' \n')).toThrow(UserProblem);
    const frames = readCapture(
      [
        '{"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"T","yes_dollars_fp":[["0.4000","5.00"]],"no_dollars_fp":[["0.5800","7.00"]]}}',
        '{"type":"orderbook_delta","sid":1,"seq":3,"msg":{"market_ticker":"T","price_dollars":"0.4000","delta_fp":"1.00","side":"yes","ts_ms":1795340001000}}',
        'what is this',
      ].join('\n'),
    );
    const report = checkCapture(kalshi, frames);
    expect(report).toMatchObject({ frames: 3, gaps: 1, rejected: 1 });
    expect(report.markets[0]).toMatchObject({
      market: 'kalshi:T',
      bestBid: 400_000,
      bestAsk: 420_000,
      gaps: 1,
      trusted: false,
    });
    expect(sentences(report).join('\n')).toContain('broken from frame 1 to the end: gap (1 was followed by 3)');
  });
});

describe.skipIf(!samples)('capture check on the samples (ARBINTEL_SAMPLES)', () => {
  it('finds Kalshi’s stream whole and uncrossed', () => {
    const report = checkCapture(kalshi, readCapture(sample('kalshi', 'ws_orderbook_stream_part1.jsonl')));
    expect(report).toMatchObject({ frames: 145, gaps: 0, crossed: 0, unknown: 0, rejected: 0 });
    expect(Object.values(report.sequences)).toEqual([{ first: 1, last: 144, count: 144 }]);
    expect(report.markets.length).toBe(12);
    expect(
      report.markets.every((one) => one.trusted && one.levels > 0 && (one.bestBid ?? 0) < (one.bestAsk ?? 1e6)),
    ).toBe(true);
  });

  it('finds the one level of Polymarket’s stream that changed without a message', () => {
    const report = checkCapture(polymarket, readCapture(sample('polymarket', 'clob_ws_market_stream.jsonl')));
    expect(report).toMatchObject({ unknown: 0, rejected: 0, crossed: 0 });
    const broken = report.markets.filter((one) => one.spans.some((span) => span.reason === 'hash-mismatch'));
    expect(broken.map((one) => one.market.slice(0, 17))).toEqual(['polymarket:0x690f']);
    const [span] = broken[0].spans.filter((one) => one.reason === 'hash-mismatch');
    expect(span.toFrame).not.toBeNull();
    // Bid 0.27 of the token named second.
    expect(span.restated).toContain('ask 0.73 = 1000');
    expect(broken[0].hashFailed).toBe(16);
    expect(report.markets.every((one) => one.trusted && one.found['negRisk'] !== undefined)).toBe(true);
  });

  it('throws on no sample file', () => {
    const files = [kalshi, polymarket].flatMap((plugin) =>
      readdirSync(join(samples, plugin.manifest.id))
        .filter((name) => /\.jsonl?$/.test(name))
        .map((name) => ({ plugin, name })),
    );
    const said = files.map(({ plugin, name }) =>
      sentences(checkCapture(plugin, readCapture(sample(plugin.manifest.id, name)))),
    );
    expect(said.every((lines) => lines.length > 0)).toBe(true);
  });
});
