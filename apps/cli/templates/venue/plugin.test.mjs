// Run with `npm run plugin:test -- FOLDER`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import make from './plugin.mjs';

const { sdk, venueConformance } = await import(process.env.ARBINTEL_TESTING);
const plugin = make(sdk);

const market = (id) => ({ id, group: 'g', title: `Will ${id}?`, rules: `Resolves YES if ${id}.`, state: 'open' });
const PAGES = [
  { markets: [market('a'), market('b')], groups: [{ id: 'g', title: 'One of them', markets: ['a', 'b', 'c'] }] },
  { markets: [market('c')], groups: [] },
];
const BOOK = { market: 'a', bids: [['0.40', '100']], asks: [['0.42', '50.5']] };

/** What the venue would answer, made by hand. */
const world = {
  config: { rest: 'https://example.org/api', socket: 'wss://example.org/stream' },
  frames: [
    { name: 'a book', text: JSON.stringify({ type: 'book', ...BOOK }), kinds: ['book'] },
    {
      name: 'a trade',
      text: JSON.stringify({ type: 'trade', market: 'a', id: 't1', price: '0.42', size: '3', taker: 'buy' }),
      kinds: ['trade'],
    },
    { name: 'an answer', text: '{"type":"subscribed"}', kinds: ['control'] },
    { name: 'news of the house', text: '{"type":"banner"}', kinds: ['unknown'] },
  ],
  answer(_method, url) {
    if (url.pathname === '/api/markets') return PAGES[url.searchParams.get('page')] ?? { markets: [], groups: [] };
    if (url.pathname === '/api/books') return { books: [BOOK] };
    if (url.pathname === '/api/lives') return { lives: [{ market: 'a', state: 'settled', yesPays: '1' }] };
    return undefined;
  },
};

for (const { name, run } of venueConformance(plugin, world)) test(name, run);

test('reads prices and sizes as the integers of the house', () => {
  const [book] = plugin.wire.parse(world.frames[0].text, () => undefined);
  assert.deepEqual([...book.levels], [0, 400_000, 10_000, 1, 420_000, 5_050]);
});
