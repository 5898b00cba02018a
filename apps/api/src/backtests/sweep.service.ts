import { UserProblem } from '#core';
import { SweepRepo, tapeSpan, type Person, type SweepCell as StoredCell, type SweepRow } from '#data';
import { choicesOf, outOfSampleOf, sharpeOf, sweepPeriod, type SweepRunFacts } from '#engine';
import { sweepPlanOf, sweepSettingsOf } from '#host';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { backtestAsked } from './backtest-asked.js';
import type { Sweep, SweepChoice, SweepInput, SweepSaved, SweepWhole } from './sweep.types.js';

const MOST_POINTS = 1_000;
const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);

/** Sweeps that people ask for. Rows are all it takes: the jobs workers find them. */
@Injectable()
export class SweepService {
  readonly #repo: SweepRepo;

  constructor(private readonly house: House) {
    this.#repo = new SweepRepo(house.pool);
  }

  async start(by: Person, input: SweepInput): Promise<SweepSaved> {
    const { pool, plugins, now } = this.house;
    const { asked, toSeq, form } = await backtestAsked(this.house, input.backtest);
    const settings = sweepSettingsOf(input.sweep);
    const whole = await tapeSpan(pool, asked.lane, toSeq);
    const span = {
      fromAt: Math.max(asked.fromAt ?? -Infinity, whole.fromAt),
      toAt: Math.min(asked.toAt ?? Infinity, whole.toAt),
    };
    const { plan, runs } = sweepPlanOf(asked, span, settings, plugins);
    const id = await this.#repo.add({
      title: asked.title,
      lane: asked.lane,
      workflow: asked.id,
      plugin: asked.workflow.plugin,
      asked: { backtest: form, sweep: settings },
      plan,
      askedBy: by.name,
      askedAt: now(),
      toSeq,
      parts: runs,
    });
    await this.#audit(by, 'sweep.start', id, { workflow: asked.id, runs: runs.length });
    return { id };
  }

  async cancel(by: Person, id: string): Promise<SweepSaved> {
    if (!(await this.#repo.cancel(id, this.house.now())))
      throw wrong('/id', 'This sweep is over already; it can be gone on with, or removed.');
    await this.#audit(by, 'sweep.cancel', id);
    return { id };
  }

  async resume(by: Person, id: string): Promise<SweepSaved> {
    if (!(await this.#repo.resume(id, this.house.now())))
      throw wrong('/id', 'Nothing of this sweep is left to be run; start another one.');
    await this.#audit(by, 'sweep.resume', id);
    return { id };
  }

  async remove(by: Person, id: string): Promise<SweepSaved> {
    if (!(await this.#repo.remove(id)))
      throw wrong('/id', 'It cannot be removed: it still runs (cancel it first), or is gone already.');
    await this.#audit(by, 'sweep.remove', id);
    return { id };
  }

  async newest(first: number): Promise<readonly Sweep[]> {
    const now = this.house.now();
    return (await this.#repo.newest(Math.min(500, Math.max(1, first)))).map((row) => shownSweep(row, now));
  }

  async whole(id: string): Promise<SweepWhole | null> {
    const row = await this.#repo.find(id);
    if (row === null) return null;
    const { goal, sets, windows } = row.plan;
    const period = sweepPeriod(windows);
    const cells = await this.#repo.cells(id, period.name);
    const facts = cells.flatMap(factsOf);
    const choices = choicesOf(facts, goal);
    const tests = choices.map((one) =>
      cells.find((cell) => cell.part === 'test' && cell.window === one.window && cell.set === one.set)!,
    );
    const done = tests.filter(({ profit }) => profit !== null);
    const curves = await this.#repo.curves(done.map(({ backtest }) => backtest));
    const told = done.length === 0 ? null : outOfSampleOf(curves, facts, period);
    return {
      sweep: shownSweep(row, this.house.now()),
      outOfSample: told === null ? null : { ...told, curve: thinned(told.curve) },
      choices: choices.map(({ window, set, train, test, deflated, tried }, i): SweepChoice => ({
        window,
        set,
        test: tests[i].backtest,
        trainProfit: train.profit,
        trainSharpe: sharpeOf(train),
        testProfit: test?.profit ?? null,
        testSharpe: test === null ? null : sharpeOf(test),
        deflated,
        tried,
      })),
      windows: windows.map(({ train, test }) => ({
        trainFrom: train.fromAt,
        trainTo: train.toAt,
        testFrom: test.fromAt,
        testTo: test.toAt,
      })),
      sets,
      cells: cells.map((cell) => ({ ...cell, sharpe: sharpeOf(cell) })),
    };
  }

  async #audit(by: Person, action: string, target: string, detail: Record<string, unknown> = {}): Promise<void> {
    await this.house.people.audit({ at: this.house.now(), by: by.name, action, target, detail });
  }
}

/** Refused runs have a report, but it is not to be believed. */
const factsOf = ({ set, window, part, state, profit, moments }: StoredCell): readonly SweepRunFacts[] =>
  state === 'done' && profit !== null ? [{ set, window, part, profit, moments }] : [];

export function shownSweep(row: SweepRow, now: number): Sweep {
  const left = row.runs - row.over;
  return {
    ...row,
    goal: row.plan.goal,
    axes: row.plan.axes.map(({ path }) => path),
    leftMs: row.state === 'running' && row.recent > 0 ? ((now - row.resumedAt) / row.recent) * left : null,
  };
}

/** Evenly, the last point always among them. */
function thinned<Point>(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => (points.length - 1 - i) % every === 0);
}
