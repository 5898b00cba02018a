import { pageSize } from '#data';
import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { InstantScalar } from '../graphql/scalars.js';
import { House } from '../house.js';
import { LiveFeed } from '../live/live-feed.service.js';
import { MarketFeed } from '../live/market-feed.service.js';
import { MarketService } from './market.service.js';
import {
  ContinuitySpan,
  Depth,
  Link,
  Market,
  MarketFacets,
  MarketPage,
  Quote,
  QuoteSeries,
  TradeTick,
} from './market.types.js';
import { linkView, marketView, unheardMarket } from './market.view.js';

const MOST_LEVELS = 500;

@Resolver(() => Market)
export class MarketResolver {
  constructor(
    private readonly markets: MarketService,
    private readonly live: LiveFeed,
    private readonly feed: MarketFeed,
  ) {}

  @Query(() => MarketPage, { name: 'markets' })
  page(
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number,
    @Args('text', { type: () => String, nullable: true }) text?: string | null,
    @Args('venue', { type: () => String, nullable: true }) venue?: string | null,
    @Args('category', { type: () => String, nullable: true }) category?: string | null,
    @Args('status', { type: () => String, nullable: true }) status?: string | null,
    @Args('linkedOnly', { type: () => Boolean, nullable: true }) linkedOnly?: boolean | null,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<MarketPage> {
    return this.markets.page({ text, venue, category, status, linkedOnly, first: first ?? 50, after });
  }

  @Query(() => MarketFacets)
  marketFacets(): Promise<MarketFacets> {
    return this.markets.facets();
  }

  @Query(() => Market, { nullable: true })
  market(@Args('id', { type: () => ID }) id: string): Promise<Market | null> {
    return this.markets.byId(id);
  }

  @ResolveField(() => [Link], { description: 'Linked markets at the other venue.' })
  async links(@Parent() market: Market, @Context() context: ApiContext): Promise<Link[]> {
    return ((await context.links(market.id)) ?? []).map(linkView);
  }

  @Query(() => Depth, { nullable: true, name: 'depth' })
  depthNow(
    @Args('market', { type: () => ID }) market: string,
    @Args('levels', { type: () => Int, nullable: true, defaultValue: 20 }) levels: number,
  ): Promise<Depth | null> {
    return this.markets.depth(market, levelsOf(levels));
  }

  @Query(() => QuoteSeries, { name: 'quotes' })
  series(
    @Args('market', { type: () => ID }) market: string,
    @Args('points', { type: () => Int, nullable: true, defaultValue: 600 }) points: number,
    @Args('from', { type: () => InstantScalar, nullable: true }) from?: number | null,
    @Args('to', { type: () => InstantScalar, nullable: true }) to?: number | null,
  ): Promise<QuoteSeries> {
    return this.markets.series(market, from ?? null, to ?? null, points ?? 600);
  }

  @Query(() => [ContinuitySpan])
  continuity(
    @Args('market', { type: () => ID }) market: string,
    @Args('from', { type: () => InstantScalar, nullable: true }) from?: number | null,
    @Args('to', { type: () => InstantScalar, nullable: true }) to?: number | null,
  ): Promise<readonly ContinuitySpan[]> {
    return this.markets.continuity(market, from ?? null, to ?? null);
  }

  @Query(() => [TradeTick])
  trades(
    @Args('market', { type: () => ID }) market: string,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number,
  ): Promise<readonly TradeTick[]> {
    return this.markets.trades(market, pageSize(first ?? 50));
  }

  @Subscription(() => [Quote], {
    name: 'quotes',
    resolve: (value: unknown) => value,
    description: 'Newest quote per market at a steady pace; `markets` empty means every linked market.',
  })
  quotes(
    @Args('markets', { type: () => [ID], nullable: true }) markets?: string[] | null,
  ): Promise<AsyncIterator<readonly Quote[]>> {
    return this.live.quotes(markets?.length ? markets : null);
  }

  @Subscription(() => [TradeTick], {
    name: 'trades',
    resolve: (value: unknown) => value,
    description: 'The newest prints, then each as it is committed; newest first. One may come twice: its `seq` tells.',
  })
  prints(
    @Args('market', { type: () => ID }) market: string,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number,
  ): Promise<AsyncIterator<readonly TradeTick[]>> {
    return this.feed.trades(market, pageSize(first ?? 50));
  }

  @Subscription(() => Depth, { name: 'depth', resolve: (value: unknown) => value })
  depth(
    @Args('market', { type: () => ID }) market: string,
    @Args('levels', { type: () => Int, nullable: true, defaultValue: 20 }) levels: number,
  ): Promise<AsyncIterator<Depth>> {
    return this.live.depth(market, levelsOf(levels));
  }
}

const levelsOf = (levels: number | null): number => Math.min(MOST_LEVELS, Math.max(1, levels ?? 20));

@Resolver(() => Link)
export class LinkResolver {
  constructor(
    private readonly markets: MarketService,
    private readonly house: House,
  ) {}

  @Query(() => [Link])
  links(): Promise<Link[]> {
    return this.markets.links();
  }

  @ResolveField(() => Market)
  a(@Parent() link: Link, @Context() context: ApiContext): Promise<Market> {
    return this.#end(link.aId, context);
  }

  @ResolveField(() => Market)
  b(@Parent() link: Link, @Context() context: ApiContext): Promise<Market> {
    return this.#end(link.bId, context);
  }

  /** A link may name a market that no lane carries yet (or any more): it is shown as unknown, not left out. */
  async #end(id: string, context: ApiContext): Promise<Market> {
    const row = await context.market(id);
    return row ? marketView(row, this.house.now()) : unheardMarket(id);
  }
}
