import { isDeepStrictEqual } from 'node:util';
import type { Static, TSchema } from 'typebox';
import { ASK, BID, OrderBook, PRICE_ONE, venueOf, type GroupInfo, type MarketInfo, type PriceGrid } from '#core';
import type { AliasLookup, BookMessage, VenueIo, VenueMessage, VenuePlugin, WireSession } from '../venue.js';
import { check, commonChecks, type SlowCheck } from './conformance.js';
import { hostileFrames } from './hostile-frames.js';

/** What the suite needs to know of a venue to try it: frames and answers as the venue would give them, made by hand. */
export interface VenueWorld<S extends TSchema = TSchema> {
  readonly config: Static<S>;
  /** One frame of every type the venue has, and what it must be read as. */
  readonly frames: readonly { readonly name: string; readonly text: string; readonly kinds: readonly string[] }[];
  /** REST by method and address; `undefined` is a 404. The catalogue must have a second page. */
  answer(method: 'GET' | 'POST', url: URL, body: unknown): unknown;
}

const NOW = 1_795_000_000_000;
const ODD_SPELLINGS: readonly Record<string, string>[] = [
  {},
  { timestamp: '1' },
  { timestamp: 'x', last_trade_price: '', tick_size: '"' },
];
/** Pages after which a walk counts as endless. */
const MOST_CALLS = 200;

/**
 * What every venue must pass, whatever it trades.
 *
 *     it.each(venueConformance(plugin, world))('$name', ({ run }) => run());
 */
export function venueConformance<S extends TSchema>(
  plugin: VenuePlugin<S>,
  world: VenueWorld<S>,
): readonly SlowCheck[] {
  const { wire } = plugin;
  const one = (name: string, run: () => void | Promise<void>): SlowCheck => ({ name, run: async () => run() });
  const catalogue = async (): Promise<Catalogue> =>
    walk(plugin, world, (url, body, method) => world.answer(method, url, body));
  return [
    ...commonChecks(plugin).map(({ name, run }) => one(name, run)),
    one('says how it is read', () => {
      const access = plugin.access(world.config);
      check(access.sentence.length > 10, 'the page has no sentence to show');
      const streams = plugin.socket(world.config) !== null;
      check(streams === (access.how === 'stream'), `it says ${access.how} and its socket says otherwise`);
    }),
    one('has a budget that lets a request through', () => {
      const { tokensPerSecond, burst, defaultCost } = plugin.rest;
      check(tokensPerSecond > 0 && defaultCost > 0 && burst >= defaultCost, 'no request would ever be sent');
    }),
    one('lists whole pages of sound markets and groups', async () => {
      const { markets, groups, calls } = await catalogue();
      check(calls > 1, 'the catalogue of the world has one page: nothing shows that a second one is read');
      check(markets.length > 0 && groups.length > 0, 'no market or no group was listed');
      check(new Set(markets.map((info) => info.id)).size === markets.length, 'a market was listed twice');
      for (const info of markets) checkMarket(info, plugin.manifest.id);
      const listed = new Set<string>(markets.map((info) => info.id));
      for (const group of groups) checkGroup(group, listed);
    }),
    one('ends its walk when page one comes again for ever', async () => {
      let first: unknown;
      let turn = 0;
      const { calls } = await walk(plugin, world, (url, body, method) => {
        const answer = world.answer(method, url, body);
        if (!isPage(answer)) return answer;
        first ??= answer;
        turn += 1;
        return { ...(first as object), cursor: `c${turn}`, next_cursor: `c${turn}` };
      });
      check(calls < MOST_CALLS, 'it walks in circles');
    }),
    one('reads every type of frame as what it is', async () => {
      const lookUp = aliasesOf(plugin, await catalogue());
      for (const { name, text, kinds } of world.frames) {
        const read = wire.parse(text, lookUp).map((message) => message.kind);
        check(isDeepStrictEqual(read, kinds), `${name} was read as [${read.join(', ')}], not [${kinds.join(', ')}]`);
      }
    }),
    one('reads a frame the same way every time', async () => {
      const lookUp = aliasesOf(plugin, await catalogue());
      const read = (): unknown => world.frames.map(({ text }) => wire.parse(text, lookUp));
      check(isDeepStrictEqual(read(), read()), 'parse keeps something between frames');
    }),
    one('scans nothing that it would not parse', async () => {
      const lookUp = aliasesOf(plugin, await catalogue());
      for (const text of hostileFrames(world.frames.map((frame) => frame.text))) {
        const scanned = wire.scan?.(Buffer.from(text), lookUp) ?? null;
        const same = scanned === null || isDeepStrictEqual([scanned], wire.parse(text, lookUp));
        check(same, `scan and parse say different things of ${text.slice(0, 200)}`);
      }
    }),
    one('never throws on hostile frames and makes nothing unsound of them', async () => {
      const lookUp = aliasesOf(plugin, await catalogue());
      for (const text of hostileFrames(world.frames.map((frame) => frame.text)))
        for (const message of wire.parse(text, lookUp)) checkMessage(message, text);
    }),
    one('refuses garbage with a sentence', () => {
      for (const text of ['garbage', '{"half":', '42']) {
        const read = wire.parse(text, () => undefined);
        const refused =
          read.length === 1 && (read[0].kind === 'rejected' ? read[0].reason.length > 5 : read[0].kind === 'unknown');
        check(refused, `${text} was not refused`);
      }
    }),
    one('judges any book without throwing', async () => {
      const { markets } = await catalogue();
      for (const info of markets)
        for (const token of [0, 1] as const)
          for (const spelled of ODD_SPELLINGS)
            for (const hash of [null, '', 'ff']) wire.verify(new OrderBook(), info, { token, hash, spelled });
    }),
    one('describes a socket that can be lived with', async () =>
      checkSocket(plugin, world, (await catalogue()).markets),
    ),
    one('brings whole books and says which are missing', async () => {
      const { markets } = await catalogue();
      const { books, missing } = await plugin.snapshot(ioOf(world, world.answer), markets);
      const natives = new Set(markets.map((info) => nativeId(info)));
      check(books.length > 0, 'no book came');
      for (const book of books) {
        check(book.kind === 'book' && book.mode === 'snapshot', 'a book that is not whole');
        check(natives.has(book.native), `a book of ${book.native}, which nobody asked for`);
        checkMessage(book, 'snapshot');
      }
      const answered = new Set([...books.map((book) => book.native), ...missing]);
      check(answered.size === natives.size, 'markets are neither served nor missing');
      check(
        books.every((book) => !missing.includes(book.native)),
        'a market is served and missing',
      );
      const none = await plugin.snapshot(ioOf(world, world.answer), []);
      check(none.books.length === 0 && none.missing.length === 0, 'books came that nobody asked for');
    }),
    one('says what became of markets', async () => {
      const { markets } = await catalogue();
      const lives = await plugin.resolve(ioOf(world, world.answer), markets);
      check(lives.length > 0, 'nothing was said');
      for (const life of lives) checkMessage(life, 'resolve');
    }),
    one('leaves its inputs alone', async () => {
      const { markets } = await catalogue();
      const before = structuredClone(markets);
      await plugin.snapshot(ioOf(world, world.answer), markets);
      await plugin.resolve(ioOf(world, world.answer), markets);
      check(isDeepStrictEqual(before, markets), 'markets were changed');
    }),
  ];
}

interface Catalogue {
  readonly markets: MarketInfo[];
  readonly groups: GroupInfo[];
  readonly calls: number;
}
type Answer = (url: URL, body: unknown, method: 'GET' | 'POST') => unknown;

async function walk<S extends TSchema>(
  plugin: VenuePlugin<S>,
  world: VenueWorld<S>,
  answer: Answer,
): Promise<Catalogue> {
  const markets: MarketInfo[] = [];
  const groups: GroupInfo[] = [];
  let calls = 0;
  const io = ioOf(world, (method, url, body) => {
    if (++calls > MOST_CALLS) return undefined;
    return answer(url, body, method);
  });
  for await (const page of plugin.listMarkets(io, { limit: 1e6, text: '' })) {
    markets.push(...page.markets);
    groups.push(...page.groups);
  }
  return { markets, groups, calls };
}

function ioOf<S extends TSchema>(world: VenueWorld<S>, answer: VenueWorld<S>['answer']): VenueIo<Static<S>> {
  const call = (method: 'GET' | 'POST', url: string, body: unknown, missingIsNull = false): Promise<unknown> => {
    const found = answer(method, new URL(url), body);
    check(found !== undefined || missingIsNull, `the venue has no ${method} ${url}`);
    return Promise.resolve(found === undefined ? null : structuredClone(found));
  };
  return {
    config: world.config,
    now: () => NOW,
    get: (url, options) => call('GET', url, undefined, options?.missingIsNull),
    post: (url, body, options) => call('POST', url, body, options?.missingIsNull),
  };
}

/** A look-up of aliases as intake keeps it. */
function aliasesOf<S extends TSchema>(plugin: VenuePlugin<S>, { markets }: Catalogue): AliasLookup {
  const aliases = new Map(
    markets.flatMap((info) =>
      (plugin.wire.aliases?.(info) ?? []).map((name, token) => [
        name,
        { native: nativeId(info), token: (token === 0 ? 0 : 1) as 0 | 1 },
      ]),
    ) as [string, { native: string; token: 0 | 1 }][],
  );
  return (name) => aliases.get(name);
}

const nativeId = (info: MarketInfo): string => info.id.slice(info.id.indexOf(':') + 1);
const isPage = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && ('events' in answer || 'markets' in answer);

function checkMarket(info: MarketInfo, venue: string): void {
  check(venueOf(info.id) === venue && nativeId(info) !== '', `${info.id} is not of ${venue}`);
  check(info.title !== '', `${info.id} has no title`);
  check(info.minSize > 0 && Number.isInteger(info.minSize), `${info.id} has the smallest order ${info.minSize}`);
  check(info.sizeStep > 0 && info.minSize % info.sizeStep === 0, `${info.id} has the size step ${info.sizeStep}`);
  checkGrid(info.grid, info.id);
  const { fees } = info;
  if (fees !== null) {
    check(fees.length > 0, `${info.id} has an empty fee schedule: unknown is null`);
    check(
      fees.every((period, i) => i === 0 || period.from > fees[i - 1].from),
      `${info.id} has fees out of order`,
    );
  }
  for (const at of [info.closesAt, info.paysAt])
    check(at === null || (at > 1.5e12 && at < 4e12), `${info.id} has the date ${at}`);
  for (const value of Object.values(info.venueData))
    check(typeof value === 'string', `${info.id} has data that is not text`);
}

function checkGrid(grid: PriceGrid, id: string): void {
  check(grid.length > 0, `${id} has no price grid`);
  grid.forEach((range, i) => {
    check(range.step > 0 && range.start < range.end && range.end <= PRICE_ONE, `${id} has an odd price range`);
    check(i === 0 || range.start === grid[i - 1].end, `${id} has a hole in its price grid`);
  });
}

function checkGroup(group: GroupInfo, listed: ReadonlySet<string>): void {
  check(group.title !== '', `${group.id} has no title`);
  check(group.markets.length > 1, `${group.id} has ${group.markets.length} markets`);
  check(
    group.markets.some((id) => listed.has(id)),
    `${group.id} has none of the listed markets`,
  );
  check(!group.exhaustive || (group.exclusive && !group.augmented), `${group.id} cannot be exhaustive`);
}

function checkSocket<S extends TSchema>(
  plugin: VenuePlugin<S>,
  world: VenueWorld<S>,
  markets: readonly MarketInfo[],
): void {
  const socket = plugin.socket(world.config);
  check(socket !== null, 'give the suite a config that streams');
  if (!socket) return;
  check(/^wss?:\/\//.test(socket.url), `${socket.url} is no address of a socket`);
  check(socket.marketsPerConnection > 0, 'no market fits on a connection');
  const { heartbeat } = socket;
  check(heartbeat.deadAfterMs > heartbeat.everyMs, 'it is dead before the next beat');
  check(heartbeat.probeAfterMs > 0, 'silent markets are never probed');
  let id = 0;
  const ids = { next: () => ++id };
  const session: WireSession = { streams: new Map() };
  const first = socket.subscribe(markets, ids);
  check(first.length > 0 && first.every((frame) => frame.length > 0), 'nothing is sent to begin with');
  check(socket.change([], [], session, ids).length === 0, 'a change of nothing sends something');
  check(socket.refresh([], session, ids).length === 0, 'a refresh of nothing sends something');
  check(socket.change(markets, [], session, ids).length > 0, 'added markets are not subscribed');
  const headers = [socket.headers(NOW), socket.headers(NOW + 1000)];
  for (const set of headers) for (const value of Object.values(set)) check(value !== '', 'an empty header');
  for (const code of [1000, 1001, 1006, 1008, 1013, 4000])
    check(socket.closed(code, '').sentence.length > 5, `a close with ${code} is not explained`);
  check(socket.closed(1006, '').retry, 'a lost connection is not tried again');
}

/** Whatever was sent: what comes out is sound. */
function checkMessage(message: VenueMessage, text: string): void {
  const of = (): string => text.slice(0, 200);
  const { sequence } = message as { sequence?: { stream: string; seq: number } };
  if (sequence) check(Number.isSafeInteger(sequence.seq), `a sequence of ${sequence.seq} from ${of()}`);
  switch (message.kind) {
    case 'book':
      return checkLevels(message, of);
    case 'trade':
      check(message.native !== '' && message.tradeId !== '', `a trade of nothing from ${of()}`);
      check(isPrice(message.price), `a trade at ${message.price} from ${of()}`);
      return check(Number.isSafeInteger(message.size) && message.size >= 0, `a trade of ${message.size} from ${of()}`);
    case 'lifecycle': {
      check(message.native !== '', `a life of nothing from ${of()}`);
      const outcome = message.resolution?.outcome;
      check(outcome?.kind !== 'value' || isPrice(outcome.yesPays), `an impossible payout from ${of()}`);
      if (message.grid) checkGrid(message.grid, of());
      return;
    }
    case 'rejected':
      return check(message.reason.length > 5 && message.reason.length < 300, `refused without a sentence: ${of()}`);
    case 'unknown':
      return check(message.type.length <= 100, 'the type of an unknown message is as long as its sender likes');
    case 'new-market':
      return check(message.native !== '', `a new market without a name from ${of()}`);
    case 'fee':
      return check(message.native !== null || message.nativeGroup !== null, `a fee of nothing from ${of()}`);
    case 'control':
      return;
  }
}

function checkLevels({ native, levels, mode }: BookMessage, of: () => string): void {
  check(native !== '', `a book of nothing from ${of()}`);
  check(levels.length % 3 === 0, `levels that are no triples from ${of()}`);
  for (let i = 0; i < levels.length; i += 3) {
    check(levels[i] === BID || levels[i] === ASK, `a level on side ${levels[i]} from ${of()}`);
    check(isPrice(levels[i + 1]), `a level at ${levels[i + 1]} from ${of()}`);
    const size = levels[i + 2];
    check(Number.isSafeInteger(size) && (mode === 'increment' || size >= 0), `a level of ${size} from ${of()}`);
  }
}

const isPrice = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= PRICE_ONE;
