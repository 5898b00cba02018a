import { UserProblem } from '#core';
import { CaptureFeed } from './captures/capture-feed.js';
import { chosenMarket, pairs, truthNow } from './control/control.routes.js';
import { openState, saveState } from './control/state.js';
import { exchangeKey } from './kalshi/kalshi.key.js';
import { KalshiRest } from './kalshi/kalshi.routes.js';
import { KalshiSocket } from './kalshi/kalshi.socket.js';
import { ModelFeed, type Override } from './model/model-feed.js';
import type { Feed, FeedEvent, FeeTerms } from './model/market.js';
import { VENUES, type Venue } from './model/question.types.js';
import { NewsServer } from './news/news.server.js';
import type { SimulatorOptions } from './options.js';
import { clob } from './polymarket/clob.routes.js';
import { gamma } from './polymarket/gamma.routes.js';
import { PolymarketSocket } from './polymarket/polymarket.socket.js';
import { Faults, readMisbehaviour, type Act } from './wire/faults.js';
import { badRequest, close, jsonServer, listen, notFound, ok, type Answer, type Request } from './wire/http.js';

export interface SimulatorFacts {
  readonly gammaUrl: string;
  readonly clobUrl: string;
  readonly dataUrl: string;
  readonly polymarketSocketUrl: string;
  readonly kalshiRestUrl: string;
  readonly kalshiSocketUrl: string;
  readonly kalshiKeyId: string;
  readonly kalshiPrivateKeyFile: string;
  readonly controlUrl: string;
  /** Absent when captures are played. */
  readonly newsFeedUrl?: string;
  readonly newsStreamUrl?: string;
}

const PUMP_MS = 10;

/** Both venues, the control port, and the clock that moves them. Made by `start`. */
export class Simulator {
  readonly faults = new Faults();
  readonly feed: Feed;
  readonly #model: ModelFeed | null;
  readonly #rest: KalshiRest;
  readonly #kalshi: KalshiSocket;
  readonly #polymarket: PolymarketSocket;
  readonly #servers;
  readonly #news: NewsServer | null;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #key;
  #events = 0;

  private constructor(readonly options: SimulatorOptions) {
    const state = openState(options.stateDir, options.seed, Date.now());
    this.#key = exchangeKey(options.stateDir);
    if (options.captures) {
      this.feed = new CaptureFeed(options.captures, { pace: options.pace, loop: options.loop, origin: Date.now() });
      this.#model = null;
    } else {
      // In load mode the story begins now, whatever the folder remembers.
      const origin = options.load ? Date.now() : state.origin;
      this.#model = new ModelFeed(
        { seed: state.seed, origin, rate: options.rate, overrides: state.overrides },
        Math.max(0, Date.now() - origin),
      );
      this.feed = this.#model;
    }
    this.#rest = new KalshiRest(this.feed, this.#key, this.faults, options.kalshiBudget);
    this.#kalshi = new KalshiSocket(this.feed, this.#key, this.faults);
    this.#polymarket = new PolymarketSocket(this.feed, this.faults);
    this.#servers = {
      gamma: jsonServer('polymarket', this.faults, (request) => gamma(this.feed, request)),
      clob: jsonServer('polymarket', this.faults, (request) => clob(this.feed, this.faults, request)),
      kalshi: jsonServer('kalshi', this.faults, (request) => this.#rest.answer(request)),
      control: jsonServer(null, this.faults, (request) => this.#control(request)),
    };
    this.#news = this.#model
      ? new NewsServer(this.#model.truth.seed, this.#model.origin, () => Date.now() - this.feed.origin)
      : null;
    this.#kalshi.attach(this.#servers.kalshi);
    this.#polymarket.attach(this.#servers.clob);
  }

  static async start(
    options: SimulatorOptions,
  ): Promise<{ readonly simulator: Simulator; readonly facts: SimulatorFacts }> {
    const simulator = new Simulator(options);
    const { ports } = options;
    const at = simulator.#servers;
    const [gammaPort, clobPort, kalshiPort, controlPort, newsPort] = await Promise.all([
      listen(at.gamma, ports.gamma),
      listen(at.clob, ports.clob),
      listen(at.kalshi, ports.kalshi),
      listen(at.control, ports.control),
      simulator.#news ? listen(simulator.#news.http, ports.news) : null,
    ]);
    if (!options.load) simulator.#timers.push(setInterval(() => simulator.#pump(), PUMP_MS));
    for (const { atMs, body } of options.misbehave)
      simulator.#timers.push(setTimeout(() => simulator.misbehave(body), atMs));
    return {
      simulator,
      facts: {
        gammaUrl: `http://127.0.0.1:${gammaPort}`,
        dataUrl: `http://127.0.0.1:${gammaPort}`,
        clobUrl: `http://127.0.0.1:${clobPort}`,
        polymarketSocketUrl: `ws://127.0.0.1:${clobPort}/ws/market`,
        kalshiRestUrl: `http://127.0.0.1:${kalshiPort}/trade-api/v2`,
        kalshiSocketUrl: `ws://127.0.0.1:${kalshiPort}/trade-api/ws/v2`,
        kalshiKeyId: simulator.#key.id,
        kalshiPrivateKeyFile: simulator.#key.privateKeyFile,
        controlUrl: `http://127.0.0.1:${controlPort}`,
        ...(newsPort === null
          ? {}
          : {
              newsFeedUrl: `http://127.0.0.1:${newsPort}/feed.xml`,
              newsStreamUrl: `ws://127.0.0.1:${newsPort}/subscribe`,
            }),
      },
    };
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#kalshi.close();
    this.#polymarket.close();
    this.#news?.close();
    const servers = [...Object.values(this.#servers), ...(this.#news ? [this.#news.http] : [])];
    await Promise.all(servers.map(close));
  }

  /** Does what `POST /control/misbehave` asks; throws `UserProblem` when it makes no sense. */
  misbehave(body: unknown): void {
    for (const { fault, act } of readMisbehaviour(body)) {
      if (act) {
        this.#act(act);
        continue;
      }
      this.faults.add(fault);
      if (fault.kind === 'disconnect') (fault.venue === 'kalshi' ? this.#kalshi : this.#polymarket).cutAll(fault.code);
    }
  }

  #act(act: Act): void {
    const model = this.#model;
    if (!model) throw new UserProblem('captures cannot be changed');
    const first = act.venue ?? (act.market?.startsWith('0x') ? 'polymarket' : 'kalshi');
    const market = chosenMarket(model, first, act.market);
    const forced = [market];
    // A result concerns the question: without a venue named, both venues have it.
    if (act.outcome && !act.venue) {
      const other = VENUES.find((venue) => venue !== first)!;
      const twin = model
        .listed(other)
        .find(
          ({ card }) =>
            card.question?.slot === market.card.question?.slot &&
            card.question?.generation === market.card.question?.generation,
        );
      if (twin) forced.push(twin);
    }
    for (const each of forced) {
      const fee = act.kind === 'fee-change' ? changedFee(each.fee, act.value) : undefined;
      const override: Override = {
        at: model.now,
        venue: each.venue,
        native: each.native,
        ...(act.outcome ? { outcome: act.outcome } : {}),
        ...(fee ? { fee } : {}),
        ...(act.kind === 'tick-size-change' ? { narrow: true } : {}),
      };
      model.force(override);
      if (fee && each.venue === 'kalshi') this.#rest.feeChanges.push({ at: override.at, market: each });
    }
    saveState(this.options.stateDir, { seed: model.truth.seed, origin: model.origin, overrides: model.overrides });
  }

  #pump(): void {
    this.feed.advance(Date.now() - this.feed.origin, (event) => this.#tell(event));
    this.#news?.pump();
  }

  #tell(event: FeedEvent): void {
    this.#events++;
    this.#kalshi.tell(event);
    this.#polymarket.tell(event);
  }

  async #control(request: Request): Promise<Answer> {
    const { path, method } = request;
    const model = this.#model;
    if (path === '/control/state') {
      return ok({
        origin: this.feed.origin,
        now: Math.floor(this.feed.origin + this.feed.now),
        events: this.#events,
        clients: { kalshi: this.#kalshi.clients, polymarket: this.#polymarket.clients },
        sent: { kalshi: this.#kalshi.sent, polymarket: this.#polymarket.sent },
        faults: this.faults.list(),
      });
    }
    if (path === '/control/pairs') return ok(model ? pairs(model) : []);
    if (path === '/control/news') {
      const to = this.feed.now;
      return this.#news ? ok(this.#news.newsroom.between(to - 3_600_000, to)) : notFound('captures have no press');
    }
    if (path === '/control/truth') return model ? ok(truthNow(model)) : notFound('captures have no known truth');
    if (method !== 'POST') return notFound('not found');
    try {
      if (path === '/control/misbehave') {
        this.misbehave(request.body);
        return ok({ faults: this.faults.list() });
      }
      if (path === '/control/behave') {
        this.faults.clear();
        return ok({ faults: [] });
      }
      if (path === '/control/blast') return ok(await this.#blast(request.body));
    } catch (error) {
      if (error instanceof UserProblem) return { status: 400, body: { error: error.message, fields: error.fields } };
      throw error;
    }
    return badRequest('not known');
  }

  /** Load mode: makes the frames of so many events for those who listen, then sends them flat out or at a pace. */
  async #blast(body: unknown): Promise<unknown> {
    if (!this.options.load) throw new UserProblem('the simulator was not started with --load');
    const asked = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
    const events = Number(asked['events'] ?? 100_000);
    const perSecond = asked['perSecond'] === undefined ? null : Number(asked['perSecond']);
    if (!(events > 0) || (perSecond !== null && !(perSecond > 0)))
      throw new UserProblem('events and perSecond must be above 0');
    const began = performance.now();
    const outlets: Readonly<Record<Venue, ReturnType<KalshiSocket['collect']>>> = {
      kalshi: this.#kalshi.collect(),
      polymarket: this.#polymarket.collect(),
    };
    const until = this.#events + events;
    while (this.#events < until) this.feed.advance(this.feed.now + 1, (event) => this.#tell(event));
    this.#polymarket.release();
    const made = performance.now();
    const [kalshi, polymarket] = await Promise.all(
      VENUES.map(async (venue) =>
        (await Promise.all(outlets[venue].map((outlet) => outlet.release(perSecond)))).reduce((a, b) => a + b, 0),
      ),
    );
    const sent = performance.now();
    return { frames: { kalshi, polymarket }, madeMs: Math.round(made - began), sentMs: Math.round(sent - made) };
  }
}

function changedFee(fee: FeeTerms, value: number | undefined): FeeTerms {
  if (fee.venue === 'kalshi') return { ...fee, multiplier: value ?? (fee.multiplier === 1 ? 2 : 1) };
  const rate = value ?? (fee.rate === 0.02 ? 0.06 : 0.02);
  return { ...fee, rate };
}
