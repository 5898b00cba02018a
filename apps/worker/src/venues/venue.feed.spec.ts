import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MarketRef } from '#core';
import type { FeedPace } from './feed.types.js';
import { openFeed } from './testing/toy.feed.js';
import { ToyIntake } from './testing/toy.intake.js';
import { ToyServer, type ToyOptions } from './testing/toy.venue.js';
import type { VenueFeed } from './venue.feed.js';

let server: ToyServer;
let feed: VenueFeed | null = null;
let announced: string[];
let complaints: string[];
let broken: unknown[];

beforeEach(async () => {
  server = await ToyServer.start();
  announced = [];
  complaints = [];
  broken = [];
});

afterEach(async () => {
  feed?.stop();
  feed = null;
  await server.stop();
  if (broken.length > 0) throw broken[0];
});

function listen(intake: ToyIntake, options: ToyOptions = {}, pace: Partial<FeedPace> = {}): VenueFeed {
  feed = openFeed(server, intake, { announced, complaints, broken }, options, pace);
  return feed;
}

const trusted = (intake: ToyIntake, names: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(intake.trusted()).toEqual(names), { timeout: 3000, interval: 5 });
const offer = (...names: string[]): void => names.forEach((name, at) => server.books.set(name, 400_000 + at * 10_000));

describe('a venue feed', () => {
  it('subscribes in shards of the size the venue allows and brings every book', async () => {
    offer('a', 'b', 'c', 'd', 'e');
    const intake = new ToyIntake(['a', 'b', 'c', 'd', 'e']);
    const made = listen(intake, { marketsPerConnection: 2 });
    await trusted(intake, ['a', 'b', 'c', 'd', 'e']);
    expect(server.sockets.size).toBe(3);
    expect(made.look()).toMatchObject({ state: 'streaming', connections: 3, markets: 5, trusted: 5, problem: null });
  });

  it('offers no compression and signs afresh for every attempt', async () => {
    offer('a');
    let signatures = 0;
    const intake = new ToyIntake(['a']);
    listen(intake, { headers: () => ({ 'x-signature': String(++signatures) }) });
    await trusted(intake, ['a']);
    for (const socket of server.sockets) socket.terminate();
    await vi.waitFor(() => expect(server.handshakes.length).toBe(2), { timeout: 3000 });
    expect(server.handshakes.map((one) => one.headers['x-signature'])).toEqual(['1', '2']);
    expect(server.handshakes[0].headers['sec-websocket-extensions']).toBeUndefined();
  });

  it('loses trust when the connection drops and regains it after a back-off', async () => {
    offer('a');
    const intake = new ToyIntake(['a']);
    listen(intake);
    await trusted(intake, ['a']);
    for (const socket of server.sockets) socket.terminate();
    await trusted(intake, []);
    await trusted(intake, ['a']);
    expect(intake.state(0 as MarketRef).connection).toBe(2);
  });

  it('says what a refused handshake was answered and keeps trying', async () => {
    offer('a');
    server.handshakeStatus = 401;
    const intake = new ToyIntake(['a']);
    const made = listen(intake);
    await vi.waitFor(() => expect(server.handshakes.length).toBeGreaterThanOrEqual(3), { timeout: 3000 });
    expect(made.look().state).toBe('down');
    expect(made.look().problem).toContain('401');
    server.handshakeStatus = null;
    await trusted(intake, ['a']);
    expect(made.look().problem).toBeNull();
  });

  it('asks by REST for a market that has gone silent while pings go on', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    listen(intake, { heartbeat: { probeAfterMs: 100 } });
    await trusted(intake, ['a', 'b']);
    const before = intake.state(0 as MarketRef).lastDataAt;
    await vi.waitFor(() => expect(intake.state(0 as MarketRef).lastDataAt).toBeGreaterThan(before), { timeout: 3000 });
    expect(server.requests).toContain('GET /books');
    expect(intake.trusted()).toEqual(['a', 'b']);
    expect(server.handshakes.length).toBe(1);
  });

  it('distrusts a silent market when the probe is not answered', async () => {
    offer('a');
    const intake = new ToyIntake(['a']);
    server.restStatus = 503;
    const made = listen(intake, { heartbeat: { probeAfterMs: 100 } });
    await vi.waitFor(() => expect(intake.log).toContain('distrust a: silence'), { timeout: 3000 });
    await vi.waitFor(() => expect(made.look().problem).toContain('503'));
    server.restStatus = 200;
    await trusted(intake, ['a']);
  });

  it('remakes a connection on which a probe found that data was missed, without a hole', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    listen(intake, { heartbeat: { probeAfterMs: 100 } });
    await trusted(intake, ['a', 'b']);
    server.books.set('a', 700_000);
    await vi.waitFor(() => expect(intake.state(1 as MarketRef).connection).toBe(2), { timeout: 3000 });
    await vi.waitFor(() => expect(server.sockets.size).toBe(1), { timeout: 3000 });
    expect(intake.log.filter((line) => line.startsWith('distrust'))).toEqual([]);
  });

  it('ends a connection on which nothing at all is heard', async () => {
    offer('a');
    server.pingEveryMs = 1e9;
    const intake = new ToyIntake(['a']);
    listen(intake, { heartbeat: { deadAfterMs: 150 } });
    await vi.waitFor(() => expect(server.handshakes.length).toBeGreaterThanOrEqual(2), { timeout: 3000 });
    expect(intake.log.some((line) => line.startsWith('close 1: nothing heard for'))).toBe(true);
  });

  it('sends the text heartbeat of venues that want one', async () => {
    offer('a');
    listen(new ToyIntake(['a']), { heartbeat: { send: 'PING', everyMs: 30 } });
    await vi.waitFor(() => expect(server.frames.filter((frame) => frame === 'PING').length).toBeGreaterThan(2), {
      timeout: 3000,
    });
  });

  it('does not let a frame that drips in byte by byte pass for life', async () => {
    offer('a');
    server.pingEveryMs = 1e9;
    server.onSocket = (socket) => {
      server.onSocket = null;
      const raw = (socket as unknown as { _socket: Socket })._socket;
      // Header of a text frame of 100 bytes, then a byte at a time for ever.
      raw.write(Buffer.from([0x81, 100]));
      const drip = setInterval(() => (raw.destroyed ? clearInterval(drip) : raw.write(Buffer.from('x'))), 20);
    };
    server.answering = false;
    const intake = new ToyIntake(['a']);
    listen(intake, { heartbeat: { deadAfterMs: 150 } });
    await vi.waitFor(() => expect(server.handshakes.length).toBeGreaterThanOrEqual(2), { timeout: 3000 });
  });

  it('counts garbage and goes on', async () => {
    offer('a');
    const intake = new ToyIntake(['a']);
    listen(intake);
    await trusted(intake, ['a']);
    server.send('\u0000{{{ not a frame');
    for (const socket of server.sockets) {
      socket.send(Buffer.from([1, 2, 3]));
      socket.send(Buffer.from([0x7b, 0xc3, 0x28]), { binary: false });
    }
    server.books.set('a', 500_000);
    server.sendBook('a');
    await vi.waitFor(() => expect(intake.markets[0].micros).toBe(500_000));
    expect(complaints).toEqual(['not JSON', 'not JSON', 'not JSON']);
    expect(server.handshakes.length).toBe(1);
  });

  it('asks for a fresh book on the live connection after a gap', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    listen(intake, { refreshes: true }, { skewCheckMs: Infinity });
    await trusted(intake, ['a', 'b']);
    server.send({ gap: 'b' });
    await vi.waitFor(() => expect(server.frames).toContain('{"refresh":["b"]}'));
    await trusted(intake, ['a', 'b']);
    expect(server.requests).toEqual([]);
  });

  it('asks by REST after a gap where the socket cannot be asked', async () => {
    offer('a');
    const intake = new ToyIntake(['a']);
    listen(intake);
    await trusted(intake, ['a']);
    server.send({ gap: 'a' });
    await vi.waitFor(() => expect(server.requests).toContain('GET /books'));
    await trusted(intake, ['a']);
  });

  it('resubscribes and then reconnects when a refresh brings nothing', async () => {
    offer('a');
    const intake = new ToyIntake(['a']);
    listen(intake, { refreshes: true });
    await trusted(intake, ['a']);
    server.answering = false;
    server.send({ gap: 'a' });
    await vi.waitFor(() => expect(server.frames).toContain('{"unsub":["a"]}'), { timeout: 3000 });
    server.answering = true;
    await vi.waitFor(() => expect(server.handshakes.length).toBe(2), { timeout: 3000 });
    await trusted(intake, ['a']);
  });

  it('fetches books that did not come after subscribing', async () => {
    offer('a', 'b');
    server.answering = false;
    const intake = new ToyIntake(['a', 'b']);
    listen(intake);
    await trusted(intake, ['a', 'b']);
    expect(server.requests).toContain('GET /books');
  });

  it('goes on asking a stream for what only REST brought so far', async () => {
    offer('a', 'b');
    server.answering = false;
    const intake = new ToyIntake(['a', 'b']);
    listen(intake);
    await trusted(intake, ['a', 'b']);
    expect(intake.markets.map(({ connection }) => connection)).toEqual([0, 0]);
    server.answering = true;
    await vi.waitFor(() => expect(intake.markets.map(({ connection }) => connection)).toEqual([1, 1]), {
      timeout: 3000,
    });
    expect(server.frames).toContain('{"unsub":["a","b"]}');
    expect(server.handshakes).toHaveLength(1);
  });

  it('asks the stream again for what stayed on a connection that was refused as a whole', async () => {
    offer('a', 'b', 'c', 'd');
    let refusals = 0;
    server.answering = false;
    server.onSocket = (socket) => {
      if (++refusals > 1) return;
      socket.once('message', () => {
        socket.send(JSON.stringify({ error: 'too many' }));
        server.answering = true;
      });
    };
    const intake = new ToyIntake(['a', 'b', 'c', 'd']);
    listen(intake);
    await vi.waitFor(() => expect(intake.markets.every(({ connection }) => connection > 0)).toBe(true), {
      timeout: 3000,
    });
    expect(server.sockets.size).toBe(2);
  });

  it('forgets what the venue refused once it takes a command', async () => {
    offer('a');
    const intake = new ToyIntake(['a']);
    const made = listen(intake);
    await trusted(intake, ['a']);
    server.send({ error: 'what?' });
    await vi.waitFor(() => expect(made.look().problem).toBe('what?'));
    server.send({ ok: true });
    await vi.waitFor(() => expect(made.look().problem).toBeNull());
  });

  it('splits a connection the venue finds too full', async () => {
    offer('a', 'b', 'c', 'd');
    const intake = new ToyIntake(['a', 'b', 'c', 'd']);
    listen(intake);
    await trusted(intake, ['a', 'b', 'c', 'd']);
    server.send({ error: 'too many' });
    await vi.waitFor(() => expect(server.sockets.size).toBe(2), { timeout: 3000 });
    await trusted(intake, ['a', 'b', 'c', 'd']);
  });

  it('does not come back with the same list after a final close, and hears what became of it', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    server.life.set('a', 'settled');
    server.life.set('b', 'open');
    const made = listen(intake, { retryAfter: (code) => code !== 1000 });
    await trusted(intake, ['a', 'b']);
    for (const socket of server.sockets) socket.close(1000, 'all resolved');
    await vi.waitFor(() => expect(intake.info(0 as MarketRef).status).toBe('settled'));
    made.setMarkets([1 as MarketRef]);
    await vi.waitFor(() => expect(server.handshakes.length).toBe(2), { timeout: 3000 });
    await vi.waitFor(() => expect(server.frames[server.frames.length - 1]).toBe('{"sub":["b"]}'));
  });

  it('adds and drops markets on the live connection', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    const made = listen(intake);
    made.setMarkets([0 as MarketRef]);
    await trusted(intake, ['a']);
    made.setMarkets(intake.refs);
    await trusted(intake, ['a', 'b']);
    made.setMarkets([1 as MarketRef]);
    await trusted(intake, ['b']);
    expect(server.handshakes.length).toBe(1);
  });

  it('renews an old connection only after the new one has brought every book', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    listen(intake, {}, { maxAgeMs: 300 });
    await trusted(intake, ['a', 'b']);
    await vi.waitFor(() => expect(intake.log.some((line) => line.startsWith('close 1'))).toBe(true), { timeout: 3000 });
    expect(intake.log.indexOf('open 2')).toBeLessThan(intake.log.findIndex((line) => line.startsWith('close 1')));
    expect(intake.log.filter((line) => line.startsWith('distrust'))).toEqual([]);
  });

  it('asks a new connection again for a book it owes before it takes the old one’s place', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    let sockets = 0;
    server.onSocket = (socket) => {
      if (++sockets !== 2) return;
      // Of the second connection's first subscription one book is lost.
      server.books.delete('b');
      socket.once('message', () => setTimeout(() => offer('a', 'b'), 20));
    };
    listen(intake, {}, { maxAgeMs: 1_000, handOverMs: 600 });
    await trusted(intake, ['a', 'b']);
    await vi.waitFor(() => expect(intake.log.some((line) => line.startsWith('close 1'))).toBe(true), { timeout: 3000 });
    expect(intake.log.filter((line) => line.startsWith('distrust'))).toEqual([]);
    expect(server.frames).toContain('{"unsub":["b"]}');
  });

  it('distrusts everything while the clocks disagree', async () => {
    offer('a');
    server.restDate = new Date(Date.now() + 60_000);
    const intake = new ToyIntake(['a']);
    const made = listen(intake, { heartbeat: { probeAfterMs: 50 } });
    await vi.waitFor(() => expect(intake.log).toContain('distrust a: clock-skew'), { timeout: 3000 });
    expect(made.look().problem).toContain('clock');
    server.restDate = null;
    made.heardClock(0);
    await trusted(intake, ['a']);
    expect(made.look().problem).toBeNull();
  });

  it('trusts no book while the venue takes no orders, and all of them anew when it does', async () => {
    offer('a');
    let pause: string | null = null;
    const intake = new ToyIntake(['a']);
    const made = listen(intake, { paused: () => pause, refreshes: true }, { statusMs: 20 });
    await trusted(intake, ['a']);
    pause = 'the toy venue is being swept';
    await vi.waitFor(() => expect(intake.log).toContain('distrust a: closed'), { timeout: 3000 });
    expect(made.look()).toMatchObject({ problem: pause, trusted: 0 });
    // Neither does a clock that agrees again lift it.
    made.heardClock(60_000);
    made.heardClock(60_000);
    made.heardClock(0);
    server.sendBook('a');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(intake.trusted()).toEqual([]);
    pause = null;
    await trusted(intake, ['a']);
    expect(made.look().problem).toBeNull();
    expect(server.handshakes).toHaveLength(1);
  });

  it('polls whole books where the venue cannot stream', async () => {
    offer('a', 'b');
    const intake = new ToyIntake(['a', 'b']);
    const made = listen(intake, { streams: false });
    await trusted(intake, ['a', 'b']);
    server.books.set('a', 510_000);
    await vi.waitFor(() => expect(intake.markets[0].micros).toBe(510_000));
    expect(made.look()).toMatchObject({ state: 'polling', connections: 0, trusted: 2 });
    server.restStatus = 500;
    await trusted(intake, []);
    expect(made.look()).toMatchObject({ state: 'down' });
  });
});
