/** An example venue: JSON over REST and one socket, prices and sizes as decimal text. */
const ID = '__ID__';
const native = (info) => info.id.slice(ID.length + 1);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

export default ({ defineVenue, Type, core }) => {
  const whole = (text, scale, most) => {
    if (typeof text !== 'string' || !/^\d{1,9}(\.\d{1,6})?$/.test(text)) return null;
    const value = Math.round(Number(text) * scale);
    return value <= most ? value : null;
  };
  const price = (text) => whole(text, 1_000_000, 1_000_000);
  const size = (text) => whole(text, 100, 1e12);

  /** The whole book of a market, or `null` when a level makes no sense. */
  function bookOf({ market, bids, asks }) {
    if (typeof market !== 'string' || market === '' || !Array.isArray(bids) || !Array.isArray(asks)) return null;
    const levels = [];
    for (const [side, list] of [bids, asks].entries())
      for (const level of list) {
        const [at, count] = Array.isArray(level) ? [price(level[0]), size(level[1])] : [null, null];
        if (at === null || count === null) return null;
        levels.push(side, at, count);
      }
    return { kind: 'book', native: market, mode: 'snapshot', levels: Float64Array.from(levels), venueAt: null };
  }

  function tradeOf({ market, id, price: at, size: count, taker }) {
    const found = { price: price(at), size: size(count) };
    if (typeof market !== 'string' || market === '' || typeof id !== 'string' || id === '') return null;
    if (found.price === null || found.size === null) return null;
    const side = taker === 'buy' || taker === 'sell' ? taker : null;
    return { kind: 'trade', native: market, tradeId: id, ...found, taker: side, venueAt: null };
  }

  function parse(frame) {
    let body;
    try {
      body = JSON.parse(frame);
    } catch {
      return [{ kind: 'rejected', reason: 'the frame is not JSON' }];
    }
    if (!isObject(body)) return [{ kind: 'rejected', reason: 'the frame is not an object' }];
    switch (body.type) {
      case 'book':
        return [bookOf(body) ?? { kind: 'rejected', reason: 'a book that makes no sense' }];
      case 'trade':
        return [tradeOf(body) ?? { kind: 'rejected', reason: 'a trade that makes no sense' }];
      case 'subscribed':
        return [{ kind: 'control', what: 'subscribed', text: 'subscribed' }];
      default:
        return [{ kind: 'unknown', type: String(typeof body.type === 'string' ? body.type : '').slice(0, 100) }];
    }
  }

  const STATUS = { open: 'open', closed: 'closed', settled: 'settled' };
  const marketOf = ({ id, group, title, rules, state }) => ({
    id: core.marketId(ID, id),
    group: group ? core.groupId(ID, group) : null,
    title,
    rules,
    category: 'example',
    status: STATUS[state] ?? 'paused',
    grid: [{ start: core.price(10_000), end: core.price(990_000), step: 10_000 }],
    minSize: core.SIZE_ONE,
    sizeStep: core.SIZE_ONE,
    // Unknown fees are never traded on: say here what the venue charges.
    fees: null,
    closesAt: null,
    paysAt: null,
    venueData: {},
  });

  return defineVenue({
    manifest: {
      id: ID,
      version: '1.0.0',
      title: '__TITLE__',
      summary: 'An example venue.',
      sdk: '^1.0.0',
      permissions: ['net:example.org'],
    },

    configSchema: Type.Object({
      rest: Type.String({
        title: 'REST address',
        description: 'Where markets and books are read.',
        default: 'https://example.org/api',
      }),
      socket: Type.String({
        title: 'Socket address',
        description: 'Where books and trades stream.',
        default: 'wss://example.org/stream',
      }),
    }),

    rest: { tokensPerSecond: 5, burst: 10, defaultCost: 1 },
    wire: { parse, verify: () => ({ kind: 'unproven' }) },
    access: () => ({ how: 'stream', sentence: 'streams without a key' }),

    async *listMarkets(io, { limit }) {
      const seen = new Set();
      for (let page = 0; seen.size < limit; page += 1) {
        const { markets, groups } = await io.get(`${io.config.rest}/markets?page=${page}`);
        const fresh = markets.filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const { id } of fresh) seen.add(id);
        yield {
          markets: fresh.map(marketOf),
          groups: groups.map(({ id, title, markets: ids }) => ({
            id: core.groupId(ID, id),
            title,
            markets: ids.map((one) => core.marketId(ID, one)),
            exclusive: true,
            exhaustive: false,
            augmented: false,
          })),
          refused: [],
        };
      }
    },

    socket: (config) => ({
      url: config.socket,
      marketsPerConnection: 200,
      headers: () => ({}),
      subscribe: (markets) => [JSON.stringify({ subscribe: markets.map(native) })],
      change: (add, drop) => [
        ...(add.length > 0 ? [JSON.stringify({ subscribe: add.map(native) })] : []),
        ...(drop.length > 0 ? [JSON.stringify({ unsubscribe: drop.map(native) })] : []),
      ],
      refresh: () => [],
      heartbeat: { send: null, everyMs: 10_000, deadAfterMs: 30_000, probeAfterMs: 60_000 },
      closed: (code) => ({ retry: true, sentence: `the venue closed with code ${code}` }),
    }),

    async snapshot(io, markets) {
      if (markets.length === 0) return { books: [], missing: [] };
      const { books } = await io.get(`${io.config.rest}/books?ids=${markets.map(native).join(',')}`);
      const found = books.map(bookOf).filter((book) => book !== null);
      const served = new Set(found.map((book) => book.native));
      return { books: found, missing: markets.map(native).filter((name) => !served.has(name)) };
    },

    async resolve(io, markets) {
      const { lives } = await io.get(`${io.config.rest}/lives?ids=${markets.map(native).join(',')}`);
      return lives.map(({ market, state, yesPays }) => ({
        kind: 'lifecycle',
        native: market,
        status: STATUS[state] ?? null,
        venueAt: null,
        ...(state === 'settled'
          ? { resolution: { outcome: { kind: 'value', yesPays: price(yesPays) }, final: true } }
          : {}),
      }));
    },
  });
};
