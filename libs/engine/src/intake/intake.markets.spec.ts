import { describe, expect, it } from 'vitest';
import { marketId, price, size, type MarketInfo, type MarketRef } from '#core';
import type { VenueMessage } from '#plugin-sdk';
import { Intake } from './intake.js';
import { A, B, bench, book, info, OPENING, seq, V } from './intake.spec-support.js';
import { TradeMemory } from './trade-memory.js';

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

  it('are no ground for trust while a socket is still to bring the book', () => {
    const { intake, send, told } = bench();
    intake.open(2, V, [A]);
    intake.books(V, rest([0, 380_000, 1], 900), 9_000, false);
    expect(told()).toEqual(['book 0 whole 0,380000,1']);
    expect(intake.state(A)).toMatchObject({ trusted: false, connection: 0 });
    send([book('a', 'snapshot', [0, 380_000, 1])], 9_001, 2);
    expect(told()).toContain('trust 0 snapshot');
    intake.books(V, rest([0, 370_000, 1], 9_500), 9_600, false);
    expect(intake.state(A)).toMatchObject({ trusted: true, connection: 2 });
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

  it('keeps the price grid the venue told since a listing that has not changed', () => {
    const { intake, send, told } = bench();
    const fine = [{ start: price(0), end: price(1_000_000), step: 1_000 }];
    send([{ kind: 'lifecycle', native: 'a', status: null, grid: fine, venueAt: null }]);
    told();
    // A listing that is made ready beforehand goes on showing the old tick for minutes.
    intake.market(info('a'));
    expect(told()).toEqual([]);
    intake.market(info('a', { title: 'other' }));
    expect(intake.info(A)).toMatchObject({ title: 'other', grid: fine });
    const finest = [{ start: price(0), end: price(1_000_000), step: 100 }];
    intake.market(info('a', { grid: finest }));
    expect(intake.info(A).grid).toEqual(finest);
    // And when it changes at last it may be back.
    intake.market(info('a'));
    expect(intake.info(A).grid).toEqual(info('a').grid);
  });

  it('does not take the tick of an answer that is older than the book', () => {
    const { intake, send, told } = bench();
    send([book('a', 'snapshot', OPENING, { venueAt: 900 })]);
    intake.books(V, [book('a', 'snapshot', OPENING, { venueAt: 500, tick: '0.1' } as never) as never], 1_000);
    told();
    expect(intake.info(A).grid).toEqual(info('a').grid);
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

  it('changes the fees of a market that is alone in its event', () => {
    const { intake, send, told } = bench();
    intake.market(info('c', { venueData: { event: 'E' } }));
    told();
    send([{ kind: 'fee', native: null, nativeGroup: 'E', fees: null }]);
    expect(told()).toEqual([]);
    send([{ kind: 'fee', native: null, nativeGroup: 'E', fees: [{ from: 0, rule: { kind: 'none' } }] }]);
    expect(told()).toEqual(['market 2 open']);
    send([{ kind: 'fee', native: null, nativeGroup: '', fees: null }]);
    expect(told()).toEqual([]);
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
