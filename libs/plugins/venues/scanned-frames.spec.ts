import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alias, AliasLookup } from '#plugin-sdk';
import { wire as kalshiWire } from './kalshi/kalshi.wire.js';
import { wire as polymarketWire } from './polymarket/polymarket.wire.js';

const DELTA =
  '{"type":"orderbook_delta","sid":1,"seq":24,"msg":{"market_ticker":"KXDEMO-26-B","market_id":"957ed958-9b9b",' +
  '"price_dollars":"0.4300","delta_fp":"-100.00","side":"yes","ts":"2026-08-07T06:46:28.97871Z","ts_ms":1786085188978}}';
const CHANGE =
  '{"market":"0xef","price_changes":[{"asset_id":"333","price":"0.002","size":"319637.93","side":"SELL","hash":"189e",' +
  '"best_bid":"0.001","best_ask":"0.002"},{"asset_id":"104","price":"0.998","size":"319637.93","side":"BUY","hash":"623a",' +
  '"best_bid":"0.998","best_ask":"0.999"}],"timestamp":"1790491136945","event_type":"price_change"}';

/** One to three edits of a text: a character replaced, dropped or doubled. */
const edited = (text: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.record({
        at: fc.nat(text.length - 1),
        what: fc.oneof(
          fc.constantFrom('', '"', '\\', ',', '}', '{', '0', '-', ' ', '\n', '\u0001', 'é'),
          fc.string({ maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((edits) => edits.reduce((now, { at, what }) => now.slice(0, at) + what + now.slice(at + 1), text));

const tokens = new Map<string, Alias>([
  ['333', { native: '0xef', token: 0 }],
  ['104', { native: '0xef', token: 1 }],
]);
const alias: AliasLookup = (name) => tokens.get(name);
const scanDelta = (text: string) => kalshiWire.scan!(Buffer.from(text), alias);
const scanPriceChange = (text: string, names: AliasLookup) => polymarketWire.scan!(Buffer.from(text), names);
const kalshi = (text: string) => kalshiWire.parse(text, alias);
const polymarket = (text: string, names: AliasLookup) => polymarketWire.parse(text, names);

describe('a frame read by its known spelling', () => {
  it('says what the frame says as JSON', () => {
    expect(scanDelta(DELTA)).not.toBeNull();
    expect([scanDelta(DELTA)]).toEqual(kalshi(DELTA));
    expect(scanPriceChange(CHANGE, alias)).not.toBeNull();
    expect([scanPriceChange(CHANGE, alias)]).toEqual(polymarket(CHANGE, alias));
    const oneSided = CHANGE.replaceAll('"0.999"', '"1"').replaceAll('"0.001"', '"0"');
    expect(scanPriceChange(oneSided, alias)).toMatchObject({
      proof: { bestBid: null },
      mirrorProof: { bestBid: null },
    });
    expect([scanPriceChange(oneSided, alias)]).toEqual(polymarket(oneSided, alias));
  });

  it('is left to JSON in any other spelling, with markets nobody asked for, and when it cannot be read', () => {
    expect(scanDelta(DELTA.replace('"sid":1', '"sid": 1'))).toBeNull();
    expect(scanDelta(`${DELTA} `)).toBeNull();
    expect(scanDelta(DELTA.replace('0.4300', '1.4300'))).toBeNull();
    expect(scanDelta(DELTA.replace('0.4300', '-0.4300'))).toBeNull();
    expect(scanDelta(CHANGE)).toBeNull();
    expect(scanPriceChange(CHANGE.replace(',"hash":"623a"', ''), alias)).toBeNull();
    expect(scanPriceChange(CHANGE.replace('"104"', '"105"'), alias)).toBeNull();
    expect(scanPriceChange(DELTA, alias)).toBeNull();
    expect(scanPriceChange('', alias)).toBeNull();
  });

  it('knows a name again among any number of others, and keeps none that is too long', () => {
    const ticker = (text: string) =>
      (scanDelta(DELTA.replace('KXDEMO-26-B', text)) as { readonly native: string } | null)?.native;
    for (let n = 0; n < 20_000; n++) expect(ticker(`KX${n}`)).toBe(`KX${n}`);
    for (let n = 0; n < 20_000; n += 777) expect(ticker(`KX${n}`)).toBe(`KX${n}`);
    const long = 'K'.repeat(100_000);
    expect(ticker(long)).toBe(long);
  });

  it('after any damage is either left to JSON or says the same as it', () => {
    fc.assert(
      fc.property(edited(DELTA), (text) => {
        const scanned = scanDelta(text);
        if (scanned !== null) expect([scanned]).toEqual(kalshi(text));
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(edited(CHANGE), (text) => {
        const scanned = scanPriceChange(text, alias);
        if (scanned !== null) expect([scanned]).toEqual(polymarket(text, alias));
      }),
      { numRuns: 3000 },
    );
  });
});
