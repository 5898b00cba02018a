import { describe, expect, it } from 'vitest';
import { marketId, price, size, venueId, type MarketInfo, type MarketRef, type TapeEvent, type Unstamped } from '#core';
import type { VenueMessage, VenueWire, Verdict } from '#plugin-sdk';
import { Intake } from './intake.js';
import { TradeMemory } from './trade-memory.js';

const V = venueId('v');
const A = 0 as MarketRef;
const B = 1 as MarketRef;

const info = (native: string, more: Partial<MarketInfo> = {}): MarketInfo => ({
  id: marketId('v', native),
  group: null,
  title: native,
  rules: '',
  category: '',
  status: 'open',
  grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
  minSize: size(100),
  sizeStep: size(100),
  fees: null,
  closesAt: null,
  paysAt: null,
  venueData: {},
  ...more,
});

type Sent = Omit<Partial<Extract<VenueMessage, { kind: 'book' }>>, 'levels'> & { readonly levels: readonly number[] };
const book = (
  native: string,
  mode: 'snapshot' | 'absolute' | 'increment',
  levels: number[],
  more: Partial<Sent> = {},
): VenueMessage =>
  ({
    kind: 'book',
    native,
    mode,
    levels: Float64Array.from(levels),
    venueAt: null,
    ...more,
    ...(more.levels ? { levels: Float64Array.from(more.levels) } : {}),
  }) as VenueMessage;
const seq = (n: number): { sequence: { stream: string; seq: number } } => ({ sequence: { stream: '1', seq: n } });

/** Frames of the test are keys of prepared messages. */
function bench(hashEveryMs = 1000) {
  const frames = new Map<string, readonly VenueMessage[]>();
  let verdict: Verdict = { kind: 'unproven' };
  const wire: VenueWire = {
    parse: (text) => {
      const messages = frames.get(text);
      if (!messages) throw new SyntaxError('what is this');
      return messages;
    },
    verify: () => verdict,
  };
  const events: Unstamped<TapeEvent>[] = [];
  const intake = new Intake({ wires: new Map([[V, wire]]), emit: (event) => events.push(event), hashEveryMs });
  intake.market(info('a'));
  intake.market(info('b'));
  intake.open(1, V, [A, B]);
  events.length = 0;
  let frame = 0;
  return {
    intake,
    events,
    says: (next: Verdict): void => {
      verdict = next;
    },
    send: (messages: readonly VenueMessage[], at = 1000, connection = 1) => {
      frames.set(String(++frame), messages);
      return intake.frame(connection, String(frame), at);
    },
    /** What was emitted since, one line each. */
    told: (): string[] =>
      events.splice(0).map((event) => {
        switch (event.kind) {
          case 'book':
            return `book ${event.market}${event.snapshot ? ' whole' : ''} ${[...event.levels].join(',')}`.trim();
          case 'continuity':
            return `${event.trusted ? 'trust' : 'lose'} ${event.market} ${event.reason}`;
          case 'probe':
          case 'trade':
          case 'resolution':
            return `${event.kind} ${event.market}`;
          case 'market':
            return `market ${event.ref} ${event.info.status}`;
          default:
            return event.kind;
        }
      }),
  };
}

const OPENING = [0, 400_000, 500, 1, 420_000, 700];

describe('intake: books', () => {
  it('trusts a market from its first whole book on', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING)]);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700', 'trust 0 snapshot']);
    expect(intake.state(A)).toMatchObject({ trusted: true, connection: 1, lastDataAt: 1000 });
  });

  it('tells increments as absolute levels', () => {
    const { send, told } = bench();
    send([book('a', 'snapshot', OPENING, seq(1))]);
    told();
    send([book('a', 'increment', [0, 400_000, -200], seq(2))]);
    send([book('a', 'increment', [0, 400_000, -300], seq(3))]);
    expect(told()).toEqual(['book 0 0,400000,300', 'book 0 0,400000,0']);
  });

  it('reduces a restated book to its differences, and an equal one to a probe a second', () => {
    const { send, told } = bench();
    send([book('a', 'snapshot', OPENING)], 1000);
    told();
    send([book('a', 'snapshot', [0, 390_000, 100, 1, 420_000, 700])], 2000);
    expect(told()).toEqual(['book 0 0,400000,0,0,390000,100']);
    for (const at of [3000, 3100, 3900, 4100]) send([book('a', 'snapshot', [0, 390_000, 100, 1, 420_000, 700])], at);
    expect(told()).toEqual(['probe 0', 'probe 0']);
  });

  it('asks for every book of the connection after a gap and drops changes until they come', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING, seq(1))]);
    send([book('b', 'snapshot', OPENING, seq(2))]);
    told();
    const outcome = send([book('a', 'increment', [0, 400_000, 100], seq(4))]);
    expect(new Set(outcome.refresh)).toEqual(new Set([A, B]));
    expect(told()).toEqual(['lose 0 gap', 'lose 1 gap']);
    send([book('a', 'snapshot', OPENING, seq(5))]);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700', 'trust 0 snapshot']);
    expect(intake.stats()[0]).toMatchObject({ gaps: 1, resyncs: 1 });
  });

  it('leaves books alone when a stream without books has a gap', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING, seq(1))]);
    told();
    const other = (n: number) => [{ kind: 'unknown', type: 'x', sequence: { stream: '2', seq: n } } as VenueMessage];
    send(other(1));
    send(other(3));
    expect(told()).toEqual([]);
    expect(intake.stats()[0].gaps).toBe(1);
  });

  it('ignores an old subscription once it has ended or was replaced', () => {
    const { send, told } = bench();
    const on = (stream: string, n: number) => ({ sequence: { stream, seq: n } });
    const subscribed = (id: string): VenueMessage => ({
      kind: 'control',
      what: 'subscribed',
      text: '',
      stream: { channel: 'books', id },
    });
    send([subscribed('1')]);
    send([book('a', 'snapshot', OPENING, on('1', 1))]);
    send([subscribed('2')]);
    send([book('a', 'snapshot', OPENING, on('2', 1))]);
    told();
    send([book('a', 'increment', [0, 400_000, 100], on('1', 2))]);
    expect(told()).toEqual([]);
    send([{ kind: 'control', what: 'unsubscribed', text: '', sequence: { stream: '2', seq: 2 } }]);
    send([book('a', 'increment', [0, 400_000, 100], on('2', 3))]);
    expect(told()).toEqual([]);
  });

  it('begins a new epoch with a new price grid', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    const grid = [{ start: price(0), end: price(1_000_000), step: 1000 }];
    const life: VenueMessage = { kind: 'lifecycle', native: 'a', status: null, grid, venueAt: null };
    expect(send([life]).refresh).toEqual([A]);
    expect(told()).toEqual(['market 0 open', 'lose 0 resync']);
    send([book('a', 'absolute', [0, 400_000, 1])]);
    expect(told()).toEqual([]);
    send([book('a', 'snapshot', [0, 401_000, 5])]);
    expect(told()).toEqual(['book 0 whole 0,401000,5', 'trust 0 snapshot']);
    expect(intake.stats()[0].resyncs).toBe(1);
  });

  it('ignores a repeated frame of a sequence', () => {
    const { send, told } = bench();
    send([book('a', 'snapshot', OPENING, seq(1))]);
    send([book('a', 'increment', [0, 400_000, 100], seq(2))]);
    told();
    send([book('a', 'increment', [0, 400_000, 100], seq(2))]);
    expect(told()).toEqual([]);
  });

  it('distrusts a level below nothing, a crossed book and a price off the grid', () => {
    const { send, told } = bench();
    send([book('a', 'snapshot', OPENING, seq(1)), book('b', 'snapshot', OPENING, seq(1))]);
    told();
    expect(send([book('a', 'increment', [0, 400_000, -600], seq(2))]).refresh).toEqual([A]);
    expect(told()).toEqual(['book 0 0,400000,0', 'lose 0 negative-level']);
    send([book('b', 'absolute', [0, 450_000, 10], seq(3))]);
    expect(told()).toEqual(['book 1 0,450000,10', 'lose 1 crossed']);
    send([book('a', 'snapshot', [0, 405_000, 1], seq(4))]);
    expect(told()).toEqual([]);
  });

  it('looks for a cross only after the whole frame', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    send([book('a', 'absolute', [0, 430_000, 10]), book('a', 'absolute', [1, 420_000, 0, 1, 440_000, 5])]);
    expect(intake.state(A).trusted).toBe(true);
    expect(told()).toEqual(['book 0 0,430000,10,1,420000,0,1,440000,5']);
  });

  const proof = { token: 0 as const, hash: 'h', spelled: {} };
  const wrong: Verdict = { kind: 'suspect', reason: 'hash-mismatch', detail: 'no' };
  const right: Verdict = { kind: 'proven', by: 'hash' };
  const losses = (lines: string[]) => lines.filter((line) => line.startsWith('lose'));

  it('takes a single wrong hash for a suspicion, several for a loss, and a right one for its end', () => {
    const { send, told, says } = bench(1000);
    says(right);
    send([book('a', 'snapshot', OPENING, { proof })], 1000);
    told();
    says(wrong);
    send([book('a', 'absolute', [0, 400_000, 1], { proof })], 2000);
    send([book('a', 'absolute', [0, 400_000, 2], { proof })], 2001);
    expect(losses(told())).toEqual([]);
    expect(send([book('a', 'absolute', [0, 400_000, 3], { proof })], 2002).refresh).toEqual([A]);
    expect(told()).toContain('lose 0 hash-mismatch');
    says(right);
    send([book('a', 'absolute', [0, 400_000, 4], { proof })], 2003);
    expect(told()).toEqual(['book 0 0,400000,4', 'trust 0 verified']);
  });

  it('counts what one trade causes in one moment as one suspicion', () => {
    const { send, told, says } = bench(1000);
    send([book('a', 'snapshot', OPENING)], 1000);
    told();
    says(wrong);
    for (const n of [1, 2, 3]) send([book('a', 'absolute', [0, 400_000, n], { proof, venueAt: 5 })], 2000 + n);
    expect(losses(told())).toEqual([]);
  });

  it('loses a suspected book that nothing explains for two seconds, whoever speaks meanwhile', () => {
    const { send, told, says } = bench(1000);
    send([book('a', 'snapshot', OPENING)], 1000);
    says(wrong);
    send([book('a', 'absolute', [0, 400_000, 1], { proof })], 2000);
    told();
    expect(send([], 3000).refresh).toEqual([]);
    expect(send([], 4100).refresh).toEqual([A]);
    expect(told()).toEqual(['lose 0 hash-mismatch']);
  });

  it('asks a failed proof again when a trade tells what had entered it', () => {
    const { send, told, says } = bench(1000);
    send([book('a', 'snapshot', OPENING)], 1000);
    says(wrong);
    for (const n of [1, 2, 3]) send([book('a', 'absolute', [0, 400_000, n], { proof })], 2000 + n);
    told();
    says(right);
    const trade = { kind: 'trade', native: 'a', tradeId: 't', price: price(1), size: size(1), taker: null } as const;
    send([{ ...trade, venueAt: null, spelled: { last: '0.4' } }], 2010);
    expect(told()).toEqual(['trust 0 verified', 'trade 0']);
  });

  it('loses a book at the first wrong hash of a capture', () => {
    const { send, told, says } = bench(0);
    says(right);
    send([book('a', 'snapshot', OPENING, { proof })]);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700', 'trust 0 snapshot']);
    says(wrong);
    send([book('a', 'absolute', [0, 400_000, 1], { proof })]);
    expect(told()).toEqual(['book 0 0,400000,1', 'lose 0 hash-mismatch']);
  });

  it('does not trust a whole book that fails its own proof', () => {
    const { send, told, says, intake } = bench(1000);
    says(wrong);
    expect(send([book('a', 'snapshot', OPENING, { proof })]).refresh).toEqual([A]);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700']);
    expect(intake.state(A).trusted).toBe(false);
  });

  it('distrusts a top that is not what the frame says of it', () => {
    const { send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    const proof = { token: 0 as const, hash: null, bestBid: price(410_000), spelled: {} };
    send([book('a', 'absolute', [0, 390_000, 1], { proof })]);
    expect(told()).toContain('lose 0 top-mismatch');
  });
});

describe('intake: connections', () => {
  it('hands a market over at the new connection’s whole book, without a hole', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    intake.open(2, V, [A, B]);
    send([book('a', 'absolute', [0, 390_000, 9])], 1000, 2);
    expect(told()).toEqual([]);
    send([book('a', 'snapshot', OPENING)], 3000, 2);
    send([book('a', 'absolute', [0, 380_000, 9])], 3000, 1);
    intake.close(1, 'replaced', 3000);
    expect(told()).toEqual(['probe 0']);
    expect(intake.state(A)).toMatchObject({ trusted: true, connection: 2 });
  });

  it('does not give a market back to the old connection', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    intake.open(2, V, [A, B]);
    send([book('a', 'snapshot', OPENING)], 3000, 2);
    send([book('a', 'snapshot', [0, 380_000, 9])], 3001, 1);
    told();
    intake.close(1, 'replaced', 3002);
    expect(told()).toEqual([]);
    expect(intake.state(A)).toMatchObject({ trusted: true, connection: 2 });
  });

  it('loses what a connection brought when it closes', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    intake.close(1, 'reset', 1);
    expect(told()).toEqual(['lose 0 not-connected']);
    expect(send([book('a', 'snapshot', OPENING)]).refresh).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('takes a trade once, whichever connection brings it', () => {
    const { intake, send, told } = bench();
    const trade: VenueMessage = {
      kind: 'trade',
      native: 'a',
      tradeId: 't',
      price: price(1),
      size: size(1),
      taker: null,
      venueAt: null,
    };
    intake.open(2, V, [A]);
    send([trade]);
    send([trade], 1, 2);
    expect(told()).toEqual(['trade 0']);
  });

  it('costs nothing when a frame is garbage, unknown or of a market nobody knows', () => {
    const { intake, send, told } = bench();
    expect(intake.frame(1, 'garbage', 5).rejected).toContain('what is this');
    send([
      { kind: 'unknown', type: 'x' },
      { kind: 'rejected', reason: 'no price' },
      book('nobody', 'snapshot', OPENING),
    ]);
    expect(told()).toEqual([]);
    expect(intake.stats()[0]).toMatchObject({ frames: 2, unknown: 1, rejected: 2 });
    expect(intake.frame(99, 'garbage', 5).rejected).toBeNull();
  });
});

describe('intake: books by REST', () => {
  const rest = (levels: number[], venueAt: number | null = null) =>
    [book('a', 'snapshot', levels, { venueAt })] as Extract<VenueMessage, { kind: 'book' }>[];

  it('confirm an equal book by a probe', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    intake.books(V, rest(OPENING), 9000);
    expect(told()).toEqual(['probe 0']);
    expect(intake.state(A).lastDataAt).toBe(9000);
  });

  it('show that data was missed, and restate the book where changes are absolute', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    intake.books(V, rest([0, 380_000, 1]), 9000);
    expect(told()).toEqual(['lose 0 silence', 'book 0 whole 0,380000,1', 'trust 0 restated']);
    expect(intake.stats()[0].gaps).toBe(1);
  });

  it('cannot bring back a book whose changes are increments', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING, seq(1))]);
    told();
    intake.books(V, rest([0, 380_000, 1]), 9000);
    expect(told()).toEqual(['lose 0 silence']);
    intake.books(V, rest(OPENING), 9000);
    expect(intake.state(A).trusted).toBe(false);
  });

  it('say nothing when they are older than what the socket brought', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING, { venueAt: 800 })]);
    told();
    intake.books(V, rest([0, 380_000, 1], 700), 9000);
    expect(told()).toEqual(['probe 0']);
  });

  it('overtake what is still on its way here', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING, { venueAt: 500 })]);
    told();
    intake.books(V, rest([0, 380_000, 1], 900), 9000);
    expect(told()).toEqual(['lose 0 silence', 'book 0 whole 0,380000,1', 'trust 0 restated']);
    send([book('a', 'absolute', [0, 380_000, 7], { venueAt: 800 })], 9001);
    expect(told()).toEqual([]);
    send([book('a', 'absolute', [0, 380_000, 7], { venueAt: 950 })], 9002);
    expect(told()).toEqual(['book 0 0,380000,7']);
  });

  it('are all there is when polling', () => {
    const { intake, told } = bench();
    intake.close(1, 'never', 1);
    intake.books(V, rest(OPENING), 1000);
    intake.books(V, rest([0, 400_000, 600, 1, 420_000, 700]), 4000);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700', 'trust 0 restated', 'book 0 0,400000,600']);
  });
});

describe('intake: what is known of markets', () => {
  it('tells a market when anything of it has changed, and only then', () => {
    const { intake, told } = bench();
    expect(intake.market(info('a'))).toBe(A);
    expect(told()).toEqual([]);
    intake.market(info('a', { status: 'paused' }));
    expect(told()).toEqual(['market 0 paused']);
    expect(intake.ref(marketId('v', 'b'))).toBe(B);
  });

  it('tells a resolution once and closes the market with it', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    const life: VenueMessage = {
      kind: 'lifecycle',
      native: 'a',
      status: 'determined',
      resolution: { outcome: { kind: 'value', yesPays: price(1_000_000) }, final: true },
      venueAt: null,
    };
    send([life]);
    intake.lifecycle(V, [life], 2);
    expect(told()).toEqual(['resolution 0', 'market 0 settled', 'lose 0 closed']);
  });

  it('never goes back from settled', () => {
    const { intake, send, told } = bench();
    const pays = (final: boolean): VenueMessage => ({
      kind: 'lifecycle',
      native: 'a',
      status: 'determined',
      resolution: { outcome: { kind: 'value', yesPays: price(0) }, final },
      venueAt: null,
    });
    send([pays(true)]);
    told();
    send([pays(false)]);
    intake.market(info('a', { status: 'closed' }));
    expect(told()).toEqual([]);
  });

  it('trusts no book of a market that is over', () => {
    const { intake, send, told } = bench();
    intake.market(info('a', { status: 'closed' }));
    told();
    expect(send([book('a', 'snapshot', OPENING)]).refresh).toEqual([]);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700']);
  });

  it('changes the fees of one market or of a whole group', () => {
    const { intake, send, told } = bench();
    intake.market(info('c', { group: 'v:g' as MarketInfo['group'] }));
    told();
    send([{ kind: 'fee', native: null, nativeGroup: 'g', fees: [{ from: 0, rule: { kind: 'none' } }] }]);
    expect(told()).toEqual(['market 2 open']);
    expect(intake.info(2 as MarketRef).fees).toEqual([{ from: 0, rule: { kind: 'none' } }]);
  });

  it('knows the markets of the tape after a recovery, and trusts none', () => {
    const { intake, told } = bench();
    const events: string[] = [];
    const next = new Intake({ wires: new Map(), emit: (event) => events.push(event.kind), hashEveryMs: 1000 });
    next.restore([intake.info(A), intake.info(B)], new Set([B]));
    expect(events).toEqual(['continuity']);
    expect(next.state(B)).toMatchObject({ trusted: false, reason: 'recovery' });
    expect(next.market(info('a'))).toBe(A);
    told();
  });

  it('trusts nothing of a venue under veto', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    intake.veto(V, 'clock-skew', 'far apart');
    send([book('b', 'snapshot', OPENING)]);
    expect(told()).toEqual(['lose 0 clock-skew', 'book 1 whole 0,400000,500,1,420000,700']);
    intake.veto(V, null, '');
    send([book('b', 'snapshot', OPENING)], 1000);
    expect(intake.state(B).trusted).toBe(true);
  });
});

describe('trade memory', () => {
  it('is bounded and remembers at least one generation', () => {
    const memory = new TradeMemory(10);
    const ids = Array.from({ length: 25 }, (_, n) => String(n));
    expect(ids.every((id) => memory.isNew(id))).toBe(true);
    expect(memory.isNew('24')).toBe(false);
    expect(memory.isNew('15')).toBe(false);
    expect(memory.isNew('2')).toBe(true);
  });
});
