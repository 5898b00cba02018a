import type { Estimate, FillEntry, MarketRef, NewsEvent, SessionId, TradeEvent } from '#core';
import type { ModelOutput, ModelOutputs, ModelView, Quote, Signal, Signals, StrategyView } from '#plugin-sdk';
import { passSignal } from './gate.js';
import type { KernelOptions } from './kernel.types.js';
import { runs, type Session, type SessionViews, type Subscriptions } from './sessions.js';
import { unsound, unsoundOutput } from './signal-check.js';
import { SessionModelView, SessionView } from './session-view.js';
import type { World } from './world.js';

const hearsTrades = (model: Session['models'][number]): boolean => model.onTrade !== undefined;

/**
 * Calls the plugins' hooks, models before strategies, sessions in the order they started. A hook that throws costs its
 * workflow the rest of this event; one that is measured too slow is only reported, for a replay does not measure: both
 * are then paused by an event on the tape.
 */
export class Hooks {
  /** Sessions whose hook failed during this event. */
  private readonly failed = new Set<SessionId>();
  /** Sessions already reported, until they are paused: no state, it changes no decision. */
  private readonly reported = new Set<SessionId>();

  constructor(
    private readonly world: World,
    private readonly subscriptions: Subscriptions,
    private readonly options: Pick<KernelOptions, 'onHookFailure' | 'stopwatch' | 'hookBudgetMs'>,
  ) {}

  begin(): void {
    if (this.failed.size > 0) this.failed.clear();
  }

  /** Whether a hook failed during this event. */
  get anyFailed(): boolean {
    return this.failed.size > 0;
  }

  /** The tape says that the workflow rests, or that it goes on. */
  forget(session: SessionId): void {
    this.reported.delete(session);
  }

  quote(ref: MarketRef, quote: Quote): void {
    const sessions = this.subscriptions.on(this.world, ref);
    if (sessions.length === 0) return;
    for (let i = 0; i < sessions.length; i++) if (sessions[i].models.length > 0) this.quoteModels(sessions[i], quote);
    // Each hook begins where the one before ended: the clock is read once between two, not twice.
    let from = this.options.stopwatch?.() ?? 0;
    for (let i = 0; i < sessions.length; i++)
      if (sessions[i].strategy?.onQuote !== undefined && this.mayHear(sessions[i]))
        from = this.callQuote(sessions[i], quote, from);
  }

  trade(trade: TradeEvent): void {
    const sessions = this.subscriptions.on(this.world, trade.market);
    for (const session of sessions)
      if (session.models.some(hearsTrades))
        this.callModels(session, 'onTrade', (model, view) => model.onTrade?.(view, trade));
    for (const session of sessions)
      if (session.strategy?.onTrade !== undefined)
        this.callStrategy(session, 'onTrade', (view) => session.strategy?.onTrade?.(view, trade));
  }

  news(news: NewsEvent): void {
    const sessions = this.subscriptions.all(this.world);
    for (const session of sessions) this.callModels(session, 'onNews', (model, view) => model.onNews?.(view, news));
    for (const session of sessions)
      this.callStrategy(session, 'onNews', (view) => session.strategy?.onNews?.(view, news));
  }

  beat(): void {
    const sessions = this.subscriptions.all(this.world);
    for (const session of sessions) this.callModels(session, 'onBeat', (model, view) => model.onBeat?.(view));
    for (const session of sessions) this.callStrategy(session, 'onBeat', (view) => session.strategy?.onBeat?.(view));
  }

  fill(id: SessionId, fill: FillEntry): void {
    const session = this.world.sessions.get(id);
    // Orders arrive between events: what an act changed just before is not yet in the views.
    this.subscriptions.all(this.world);
    if (session !== undefined) this.callStrategy(session, 'onFill', (view) => session.strategy?.onFill?.(view, fill));
  }

  /** What `callModels` and `callStrategy` do, spelled out for the hook that is called most: no function is made for it. */
  private quoteModels(session: Session, quote: Quote): void {
    const { stopwatch } = this.options;
    const { models } = session;
    for (let index = 0; index < models.length; index++) {
      const model = models[index];
      if (!this.mayHear(session)) return;
      if (model.onQuote === undefined) continue;
      const started = stopwatch === undefined ? 0 : stopwatch();
      let outputs: ModelOutputs;
      try {
        outputs = model.onQuote(this.viewsOf(session).models[index], quote);
      } catch (error) {
        this.fail(session, 'onQuote', error);
        return;
      }
      if (stopwatch !== undefined) this.measure(session, 'onQuote', stopwatch() - started);
      if (outputs !== undefined) this.publish(session, index, outputs);
    }
  }

  /** Takes the moment of the call and gives that of its end, by the stopwatch. */
  private callQuote(session: Session, quote: Quote, from: number): number {
    const { stopwatch } = this.options;
    let signals: Signals;
    try {
      signals = session.strategy!.onQuote!(this.viewsOf(session).strategy, quote);
    } catch (error) {
      this.fail(session, 'onQuote', error);
      return stopwatch?.() ?? 0;
    }
    if (stopwatch !== undefined) {
      const to = stopwatch();
      this.measure(session, 'onQuote', to - from);
      from = to;
    }
    if (signals === undefined) return from;
    this.pass(session, 'onQuote', signals);
    return stopwatch?.() ?? 0;
  }

  private callStrategy(session: Session, name: string, call: (view: StrategyView) => Signals): void {
    if (!this.mayCall(session)) return;
    const signals = this.guarded(session, name, () => call(this.viewsOf(session).strategy));
    if (signals !== undefined) this.pass(session, name, signals);
  }

  private callModels(
    session: Session,
    name: string,
    call: (model: Session['models'][number], view: ModelView) => ModelOutputs,
  ): void {
    for (const [index, model] of session.models.entries()) {
      if (!this.mayCall(session)) return;
      const outputs = this.guarded(session, name, () => call(model, this.viewsOf(session).models[index]));
      if (outputs !== undefined) this.publish(session, index, outputs);
    }
  }

  private publish(session: Session, index: number, outputs: Exclude<ModelOutputs, undefined | void>): void {
    if (!Array.isArray(outputs)) this.estimated(session, index, outputs as ModelOutput);
    else for (const output of outputs as readonly ModelOutput[]) this.estimated(session, index, output);
  }

  /** A model's output becomes an estimate: recorded, kept for the strategy, and told to it. */
  private estimated(session: Session, index: number, output: ModelOutput): void {
    const why = unsoundOutput(this.world, output);
    if (why !== '') {
      this.failed.add(session.id);
      return this.report(session, `${session.workflow.models[index].plugin} gave no sound estimate: ${why}`);
    }
    if (!Number.isFinite(output.value)) return;
    const { journal, markets } = this.world;
    const estimate: Estimate = {
      lane: journal.lane,
      seq: journal.seq,
      at: journal.at,
      model: session.workflow.models[index].plugin,
      market: markets.get(output.market).info.id,
      name: output.name,
      value: output.value,
      low: output.low ?? null,
      high: output.high ?? null,
    };
    session.estimates.set(output.market, estimate);
    journal.sink?.estimate(estimate);
    if (session.strategy?.onEstimate !== undefined)
      this.callStrategy(session, 'onEstimate', (view) => session.strategy?.onEstimate?.(view, estimate));
  }

  private guarded<T>(session: Session, name: string, call: () => T): T | undefined {
    const { stopwatch } = this.options;
    const started = stopwatch === undefined ? 0 : stopwatch();
    try {
      const result = call();
      if (stopwatch !== undefined) this.measure(session, name, stopwatch() - started);
      return result;
    } catch (error) {
      this.fail(session, name, error);
      return undefined;
    }
  }

  private mayCall(session: Session): boolean {
    return runs(session) && this.mayHear(session);
  }

  /** The same of one that is subscribed: only those that run are. */
  private mayHear(session: Session): boolean {
    return session.limits !== null && (this.failed.size === 0 || !this.failed.has(session.id));
  }

  /** What is no signal costs the workflow what it costs to throw: nothing of this event is passed on. */
  private pass(session: Session, name: string, signals: Exclude<Signals, undefined | void>): void {
    const list = Array.isArray(signals) ? (signals as readonly Signal[]) : [signals as Signal];
    for (const signal of list) {
      const why = unsound(this.world, signal);
      if (why === '') continue;
      this.failed.add(session.id);
      return this.report(session, `${name} gave no sound signal: ${why}`);
    }
    for (const signal of list) passSignal(this.world, session, signal);
  }

  private fail(session: Session, name: string, error: unknown): void {
    this.failed.add(session.id);
    this.report(session, `${name} threw: ${error instanceof Error ? error.message : String(error)}`);
  }

  private measure(session: Session, name: string, ms: number): void {
    const budget = this.options.hookBudgetMs;
    if (budget !== undefined && ms > budget)
      this.report(session, `${name} took ${ms.toFixed(1)} ms; ${budget} ms are allowed.`);
  }

  private report(session: Session, reason: string): void {
    if (this.reported.has(session.id)) return;
    this.reported.add(session.id);
    this.options.onHookFailure?.({ workflow: session.workflow.id, seq: this.world.journal.seq, reason });
  }

  private viewsOf(session: Session): SessionViews {
    return session.views ?? (session.views = this.makeViews(session));
  }

  private makeViews(session: Session): SessionViews {
    const account = this.world.accounts.all.get(session.workflow.account)!;
    return {
      strategy: new SessionView(this.world, session, account),
      models: session.models.map((_, index) => new SessionModelView(this.world, session, index)),
    };
  }
}
