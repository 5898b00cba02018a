import { describe, expect, it } from 'vitest';
import { price, size } from '#core';
import type { VenueMessage, Verdict } from '#plugin-sdk';
import { A, B, bench, book, OPENING, seq, V } from './intake.spec-support.js';

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

  it('refuses bytes that are not UTF-8, and they cost nothing else', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING)]);
    told();
    expect(intake.frame(1, Buffer.from([0x7b, 0xc3, 0x28]), 1000).rejected).toBe('the frame is not UTF-8');
    expect(told()).toEqual([]);
    expect(intake.stats()[0].rejected).toBe(1);
  });

  it('counts a change that could not be read as a change lost', () => {
    const { send, told, intake } = bench();
    send([book('a', 'snapshot', OPENING, seq(1))]);
    send([book('b', 'snapshot', OPENING, seq(2))]);
    told();
    const unread = (n: number, more: object): VenueMessage => ({
      kind: 'rejected',
      reason: 'a size of seven digits',
      ...more,
      ...seq(n),
    });
    expect(send([unread(3, { native: 'a' })]).refresh).toEqual([A]);
    expect(told()).toEqual(['lose 0 gap']);
    // The stream goes on without a hole: only a whole book brings the market back.
    send([book('a', 'increment', [0, 400_000, 100], seq(4))]);
    expect(told()).toEqual([]);
    send([book('a', 'snapshot', OPENING, seq(5))]);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700', 'trust 0 snapshot']);
    expect(new Set(send([unread(6, {})]).refresh)).toEqual(new Set([A, B]));
    expect(told()).toEqual(['lose 0 gap', 'lose 1 gap']);
    expect(intake.stats()[0].gaps).toBe(2);
  });

  it('distrusts the one book that an unnumbered change was of, and no other', () => {
    const { send, told } = bench();
    send([book('a', 'snapshot', OPENING)]);
    send([book('b', 'snapshot', OPENING)]);
    told();
    expect(send([{ kind: 'rejected', reason: 'no price', native: 'b' }]).refresh).toEqual([B]);
    expect(told()).toEqual(['lose 1 gap']);
    // A whole book before the damage is no ground for trust after it.
    send([book('a', 'snapshot', OPENING), { kind: 'rejected', reason: 'no price', native: 'a' }]);
    expect(told()).toEqual(['lose 0 gap', 'probe 0']);
    expect(send([{ kind: 'rejected', reason: 'not JSON' }]).refresh).toEqual([]);
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

  it('distrusts a book whose changes come too late, until one comes in time', () => {
    const { send, told, intake } = bench(0, 5_000);
    send([book('a', 'snapshot', OPENING, { venueAt: 1 })], 60_000);
    expect(told()).toEqual(['book 0 whole 0,400000,500,1,420000,700', 'trust 0 snapshot']);
    const change = (venueAt: number, at: number, size = 100) =>
      send([book('a', 'absolute', [0, 400_000, size], { venueAt })], at).refresh;
    expect(change(56_000, 61_000)).toEqual([]);
    expect(told()).toEqual(['book 0 0,400000,100']);
    expect(change(56_001, 61_002, 90)).toEqual([A]);
    expect(told()).toEqual(['book 0 0,400000,90', 'lose 0 silence']);
    // By the same slow line it is no fresher for being whole.
    send([book('a', 'snapshot', OPENING, { venueAt: 56_500 })], 62_000);
    expect(intake.state(A).trusted).toBe(false);
    change(61_500, 62_500, 80);
    expect(told().filter((line) => line.startsWith('trust'))).toEqual([]);
    send([book('a', 'snapshot', OPENING, { venueAt: 61_600 })], 62_600);
    expect(intake.state(A).trusted).toBe(true);
    change(50_000, 63_000);
    expect(intake.state(A).trusted).toBe(false);
    // Asked for again, by another line, or by REST, it is of now until a change says otherwise.
    send([book('a', 'snapshot', OPENING)], 63_100);
    expect(intake.state(A).trusted).toBe(true);
    change(50_100, 63_200, 70);
    expect(intake.state(A).trusted).toBe(false);
    const rest = book('a', 'snapshot', OPENING, { venueAt: 63_000 }) as Extract<VenueMessage, { kind: 'book' }>;
    intake.books(V, [rest], 63_300);
    expect(intake.state(A).trusted).toBe(true);
  });

  it('does not believe a time that has not come yet, for what is older would be passed over ever after', () => {
    const { send, told, intake } = bench(1000, 10_000);
    const later = (venueAt: number) => ({ venueAt });
    send([book('a', 'snapshot', OPENING, later(1_000))], 1_000);
    told();
    // Of the socket: REST would never be newer again, and a change it missed would stay.
    send([book('a', 'absolute', [0, 400_000, 600], later(9_000_000))], 2_000);
    expect(told()).toEqual(['book 0 0,400000,600']);
    intake.books(V, [book('a', 'snapshot', [0, 380_000, 1], later(2_500)) as never], 3_000);
    expect(told()).toEqual(['lose 0 silence', 'book 0 whole 0,380000,1', 'trust 0 restated']);
    // Of REST: everything the socket tells would have been overtaken.
    intake.books(V, [book('a', 'snapshot', [0, 370_000, 1], later(9_000_000)) as never], 4_000);
    told();
    send([book('a', 'absolute', [0, 370_000, 7], later(4_500))], 4_600);
    expect(told()).toEqual(['book 0 0,370000,7']);
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
