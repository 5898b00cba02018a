import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { readCapture } from '#engine';
import { kalshi, polymarket } from '#plugins';
import { sentences } from './capture-check.js';
import { checkCapture } from './capture-check.run.js';

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
    expect(sentences(report).join('\n')).toContain('broken from frame 2 to the end: gap (1 was followed by 3)');
  });
});

/** Kalshi's books made from raw frames with nothing of ours: decimal text to cents × hundredths, one map per side. */
function independentBooks(
  lines: readonly string[],
): Map<string, { yes: Map<number, number>; no: Map<number, number> }> {
  interface Raw {
    readonly type: string;
    readonly msg: {
      readonly market_ticker: string;
      readonly yes_dollars_fp?: readonly [string, string][];
      readonly no_dollars_fp?: readonly [string, string][];
      readonly side: 'yes' | 'no';
      readonly price_dollars: string;
      readonly delta_fp: string;
    };
  }
  const books = new Map<string, { yes: Map<number, number>; no: Map<number, number> }>();
  const price = (text: string) => Math.round(Number(text) * 1e6);
  const size = (text: string) => Math.round(Number(text) * 100);
  for (const line of lines) {
    const { type, msg } = (JSON.parse(line) as { frame: Raw }).frame;
    if (type === 'orderbook_snapshot') {
      const side = (levels: readonly [string, string][] = []) => new Map(levels.map(([p, s]) => [price(p), size(s)]));
      books.set(msg.market_ticker, { yes: side(msg.yes_dollars_fp), no: side(msg.no_dollars_fp) });
    }
    if (type === 'orderbook_delta') {
      const side = books.get(msg.market_ticker)?.[msg.side];
      const at = price(msg.price_dollars);
      const left = (side?.get(at) ?? 0) + size(msg.delta_fp);
      if (left === 0) side?.delete(at);
      else side?.set(at, left);
    }
  }
  return books;
}

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

  it('keeps Kalshi’s books equal to an independent rebuild', () => {
    const content = sample('kalshi', 'ws_orderbook_stream_part1.jsonl');
    const rebuilt = independentBooks(content.trim().split('\n'));
    const report = checkCapture(kalshi, readCapture(content));
    expect(rebuilt.size).toBe(12);
    for (const { market, book } of report.markets) {
      const own = rebuilt.get(market.slice('kalshi:'.length));
      const levels = [
        ...[...(own?.yes ?? [])].sort(([a], [b]) => b - a).flatMap(([at, left]) => [0, at, left]),
        ...[...(own?.no ?? [])].sort(([a], [b]) => b - a).flatMap(([at, left]) => [1, 1_000_000 - at, left]),
      ];
      expect(book).toEqual(levels);
    }
  });

  it('passes the hash of Polymarket’s opening books and says what the file does not', () => {
    const [opening] = readCapture(sample('polymarket', 'clob_ws_market_stream.jsonl'));
    const report = checkCapture(polymarket, [opening]);
    expect(report.markets.map((one) => [one.market.slice(11, 17), one.hashPassed, one.hashFailed, one.found])).toEqual([
      ['0x690f', 2, 0, { negRisk: 'false', minSize: '5' }],
      ['0xefa1', 2, 0, { negRisk: 'true', minSize: '5' }],
    ]);
  });

  it('finds the one level of Polymarket’s stream that changed without a message', () => {
    const frames = readCapture(sample('polymarket', 'clob_ws_market_stream.jsonl'));
    const report = checkCapture(polymarket, frames);
    expect(report).toMatchObject({ unknown: 0, rejected: 0, crossed: 0 });
    const [broken, whole] = report.markets;
    expect(whole).toMatchObject({ hashPassed: 52, hashFailed: 0, spans: [], trusted: true });
    // Two tokens prove each of the 25 changes: 50 rows, 16 of them on the wrong book.
    expect(broken).toMatchObject({ hashPassed: 6, hashFailed: 16, trusted: true });
    expect(broken.spans.length).toBe(1);
    const [span] = broken.spans;
    expect(span).toMatchObject({ fromFrame: 5, toFrame: 50, reason: 'hash-mismatch' });
    // Bid 0.27 of the token that the file names second.
    expect(span.restated).toEqual(['ask 0.73 = 1000']);
    expect(span.lost).toEqual({ side: 'ask', price: 730_000, ours: 100_000, theirs: 192_500 });
    const said = sentences(report).join('\n');
    expect(said).toContain('which is bid 0.27 of token');
    expect(said).toContain('our book had 1000 where the venue’s hashes show 1925');
  });

  it('keeps the span broken while the level is not restated', () => {
    const frames = readCapture(sample('polymarket', 'clob_ws_market_stream.jsonl')).slice(0, 49);
    const [broken] = checkCapture(polymarket, frames).markets;
    expect(broken).toMatchObject({ trusted: false, hashFailed: 16 });
    expect(broken.spans).toMatchObject([{ fromFrame: 5, toFrame: null }]);
  });

  it('throws on no sample file, whichever venue it is said to be of', () => {
    const files = [kalshi, polymarket].flatMap(({ manifest }) =>
      readdirSync(join(samples, manifest.id)).map((name) => sample(manifest.id, name)),
    );
    expect(files.length).toBeGreaterThan(30);
    for (const content of files)
      for (const plugin of [kalshi, polymarket])
        expect(sentences(checkCapture(plugin, readCapture(content))).length).toBeGreaterThan(0);
  });
});
