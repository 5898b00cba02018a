import {
  marketTitles,
  opportunityById,
  opportunityCounts,
  opportunityPage,
  type OpportunityFilter,
  type OpportunityRow,
} from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { Opportunity, OpportunityCounts, OpportunityPage } from './opportunity.types.js';

@Injectable()
export class OpportunityService {
  constructor(private readonly house: House) {}

  async page(filter: OpportunityFilter): Promise<OpportunityPage> {
    const page = await opportunityPage(this.house.pool, filter);
    return { ...page, items: await this.titled(page.items) };
  }

  async byId(id: string): Promise<Opportunity | null> {
    const row = await opportunityById(this.house.pool, id);
    return row && (await this.titled([row]))[0];
  }

  async counts(): Promise<OpportunityCounts> {
    const counts = await opportunityCounts(this.house.pool);
    const of = (verdict: string): number => counts.get(verdict) ?? 0;
    return { accepted: of('accepted'), denied: of('denied'), netNegative: of('net-negative'), shadow: of('shadow') };
  }

  /** Rows with their markets' titles, read at once for all of them. */
  async titled(rows: readonly OpportunityRow[]): Promise<Opportunity[]> {
    const known = await marketTitles(
      this.house.pool,
      rows.flatMap((row) => row.markets),
    );
    return rows.map((row) => ({ ...row, titles: row.markets.map((market) => known.get(market)?.title ?? market) }));
  }
}
