import { ruleAt, UserProblem, type FeeSchedule } from '#core';
import {
  chartQuotes,
  estimatesAt,
  estimateSeries,
  marketPlace,
  marketsById,
  quoteAt,
  type EstimateColumns,
  type MarketPlace,
  type QuoteColumns,
} from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { Beliefs, EdgeSeries, Why } from './estimate.types.js';
import { whySteps } from './why.js';
import { beliefOf, worthOf } from './worth.js';

const HOUR = 3_600_000;
const FAIR = 'fair';

@Injectable()
export class EstimateService {
  constructor(private readonly house: House) {}

  /** The last hour of stored time unless told otherwise. */
  async beliefs(id: string, from: number | null, to: number | null, points: number): Promise<Beliefs> {
    const { place, fees } = await this.#market(id);
    const end = to ?? Math.max(place.headAt, from ?? 0);
    const span = { from: from ?? end - HOUR, to: end, points };
    if (span.from > span.to)
      throw new UserProblem('The span ends before it begins.', [{ path: '/from', message: 'must not be after `to`' }]);
    const estimates = await estimateSeries(this.house.pool, place, span);
    const fair = estimates.filter(({ name }) => name === FAIR);
    if (fair.length === 0) return { market: id, estimates, edges: [] };
    const quotes = await chartQuotes(this.house.pool, place, span, points);
    return {
      market: id,
      estimates,
      edges: fair.map((series) => edgesOf(series, quotes, fees)),
    };
  }

  /** The numbers behind the fair value in force at a moment; `null` when there was none. */
  async why(id: string, model: string | null, at: number | null): Promise<Why | null> {
    const { place, fees } = await this.#market(id);
    const moment = at ?? place.headAt;
    const said = await estimatesAt(this.house.pool, place, moment);
    const fair = said
      .filter((one) => one.name === FAIR && (model === null || one.model === model))
      .sort((a, b) => b.seq - a.seq)[0];
    if (fair === undefined) return null;
    // What others have said since had no part in it.
    const then = fair.at === moment ? said : await estimatesAt(this.house.pool, place, fair.at);
    const quote = await quoteAt(this.house.pool, place, fair.at);
    return {
      market: id,
      model: fair.model,
      name: fair.name,
      at: fair.at,
      seq: fair.seq,
      steps: whySteps(fair, quote, ruleAt(fees, fair.at), then),
    };
  }

  async #market(id: string): Promise<{ place: MarketPlace; fees: FeeSchedule | null }> {
    const { pool } = this.house;
    const [place, rows] = await Promise.all([marketPlace(pool, id), marketsById(pool, [id])]);
    const row = rows.get(id);
    if (!place || !row)
      throw new UserProblem(`There is no market ${id}.`, [{ path: '/market', message: 'unknown market' }]);
    return { place, fees: row.info.fees };
  }
}

/** What each fair value was worth against the quote in force then. */
function edgesOf(fair: EstimateColumns, quotes: QuoteColumns, fees: FeeSchedule | null): EdgeSeries {
  const edge: (number | null)[] = [];
  const kelly: (number | null)[] = [];
  let last = -1;
  fair.at.forEach((at, i) => {
    while (last + 1 < quotes.at.length && quotes.at[last + 1] <= at) last++;
    const rule = ruleAt(fees, at);
    const belief = beliefOf(fair.low[i], fair.high[i]);
    if (last < 0 || rule === null || belief === null) {
      edge.push(null);
      kelly.push(null);
      return;
    }
    const quote = { bid: quotes.bid[last], ask: quotes.ask[last] };
    const yes = worthOf('yes', belief, quote, rule);
    const no = worthOf('no', belief, quote, rule);
    const better = yes === null || (no !== null && no.edge > yes.edge) ? no : yes;
    edge.push(better?.edge ?? null);
    kelly.push(better === null ? null : better.kelly * better.shrink * (better === yes ? 1 : -1));
  });
  return { model: fair.model, at: fair.at, edge, kelly };
}
