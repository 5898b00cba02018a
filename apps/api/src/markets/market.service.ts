import { UserProblem } from '#core';
import {
  allLinks,
  continuitySpans,
  marketDepth,
  marketFacets,
  marketPage,
  marketPlace,
  marketsById,
  newestTrades,
  chartQuotes,
  type MarketFilter,
  type MarketPlace,
} from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type {
  ContinuitySpan,
  Depth,
  Link,
  Market,
  MarketFacets,
  MarketPage,
  QuoteSeries,
  TradeTick,
} from './market.types.js';
import { linkView, marketView } from './market.view.js';

const HOUR = 3_600_000;

@Injectable()
export class MarketService {
  constructor(private readonly house: House) {}

  async page(filter: MarketFilter): Promise<MarketPage> {
    const page = await marketPage(this.house.pool, filter);
    return { ...page, items: page.items.map((row) => marketView(row, this.house.now())) };
  }

  facets(): Promise<MarketFacets> {
    return marketFacets(this.house.pool);
  }

  async byId(id: string): Promise<Market | null> {
    const row = (await marketsById(this.house.pool, [id])).get(id);
    return row ? marketView(row, this.house.now()) : null;
  }

  async links(): Promise<Link[]> {
    return (await allLinks(this.house.pool)).map(linkView);
  }

  async depth(id: string, levels: number): Promise<Depth | null> {
    const place = await marketPlace(this.house.pool, id);
    return place && marketDepth(this.house.pool, place, levels);
  }

  /** The last hour of stored time unless told otherwise. */
  async series(id: string, from: number | null, to: number | null, points: number): Promise<QuoteSeries> {
    const place = await this.#place(id);
    const span = this.#span(place, from, to);
    return { market: id, ...(await chartQuotes(this.house.pool, place, span, points)) };
  }

  async continuity(id: string, from: number | null, to: number | null): Promise<readonly ContinuitySpan[]> {
    const place = await this.#place(id);
    const span = this.#span(place, from, to);
    return continuitySpans(this.house.pool, place, span.from, span.to);
  }

  async trades(id: string, first: number): Promise<readonly TradeTick[]> {
    return newestTrades(this.house.pool, await this.#place(id), first);
  }

  async #place(id: string): Promise<MarketPlace> {
    const place = await marketPlace(this.house.pool, id);
    if (!place) throw new UserProblem(`There is no market ${id}.`, [{ path: '/market', message: 'unknown market' }]);
    return place;
  }

  #span(place: MarketPlace, from: number | null, to: number | null): { from: number; to: number } {
    const end = to ?? Math.max(place.headAt, from ?? 0);
    const span = { from: from ?? end - HOUR, to: end };
    if (span.from > span.to)
      throw new UserProblem('The span ends before it begins.', [{ path: '/from', message: 'must not be after `to`' }]);
    return span;
  }
}
