import { describe, expect, it } from 'vitest';
import type { LinkRowFragment } from '../../generated/graphql';
import type { Quote } from '../../stores/quotes.store';
import { linkView } from './link-rows';

const market = (venue: string) =>
  ({ id: `${venue}:m`, venue, title: `at ${venue}`, quote: null }) as LinkRowFragment['a'];
const quote = (venue: string, bid: number | null, ask: number | null): Quote => ({
  market: `${venue}:m`,
  at: 10,
  seq: 1,
  bid,
  ask,
  bidSize: 100,
  askSize: 300,
  mid: null,
  trusted: true,
});
const link = (polarity: string) =>
  ({ id: 'l', polarity, state: 'reviewed', a: market('kalshi'), b: market('polymarket') }) as LinkRowFragment;
const view = (polarity: string, quotes: Quote[]) =>
  linkView(link(polarity), (id) => quotes.find((each) => each.market === id) ?? null);

describe('a row of linked markets', () => {
  it('always has Polymarket on the left', () => {
    expect(view('same', []).left.market.venue).toBe('polymarket');
  });

  it('shows the best cross of the two books', () => {
    const row = view('same', [quote('polymarket', 400_000, 420_000), quote('kalshi', 450_000, 470_000)]);
    expect(row).toMatchObject({ spread: 50_000, edge: 30_000, at: 10 });
  });

  it('turns an inverse market round, sizes included', () => {
    const row = view('inverse', [quote('polymarket', 400_000, 420_000), quote('kalshi', 580_000, 600_000)]);
    expect(row.right).toMatchObject({ bid: 400_000, ask: 420_000, bidSize: 300, askSize: 100 });
    expect(row.edge).toBe(-20_000);
  });

  it('claims nothing of a one-sided or unknown book', () => {
    expect(view('same', [quote('polymarket', null, 420_000)])).toMatchObject({ spread: null, edge: null });
  });
});
