import { Args, ID, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { InstantScalar } from '../graphql/scalars.js';
import { MarketFeed } from '../live/market-feed.service.js';
import { EstimateService } from './estimate.service.js';
import { Beliefs, Why } from './estimate.types.js';

@Resolver()
export class EstimateResolver {
  constructor(
    private readonly estimates: EstimateService,
    private readonly feed: MarketFeed,
  ) {}

  @Query(() => Beliefs)
  beliefs(
    @Args('market', { type: () => ID }) market: string,
    @Args('points', { type: () => Int, nullable: true, defaultValue: 600 })
    points: number,
    @Args('from', { type: () => InstantScalar, nullable: true })
    from?: number | null,
    @Args('to', { type: () => InstantScalar, nullable: true })
    to?: number | null,
  ): Promise<Beliefs> {
    return this.estimates.beliefs(market, from ?? null, to ?? null, points ?? 600);
  }

  @Subscription(() => [Beliefs], {
    name: 'beliefs',
    resolve: (value: unknown) => value,
    description:
      'What models publish of a market, from a few seconds ago on: pieces, oldest first. A moment may come twice.',
  })
  published(@Args('market', { type: () => ID }) market: string): Promise<AsyncIterator<readonly Beliefs[]>> {
    return this.feed.beliefs(market);
  }

  @Query(() => Why, {
    nullable: true,
    description: 'The numbers behind the fair value in force at a moment.',
  })
  why(
    @Args('market', { type: () => ID }) market: string,
    @Args('model', { type: () => String, nullable: true })
    model?: string | null,
    @Args('at', { type: () => InstantScalar, nullable: true })
    at?: number | null,
  ): Promise<Why | null> {
    return this.estimates.why(market, model ?? null, at ?? null);
  }
}
