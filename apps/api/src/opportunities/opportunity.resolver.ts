import { Args, ID, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { LiveFeed } from '../live/live-feed.service.js';
import { OpportunityService } from './opportunity.service.js';
import { Opportunity, OpportunityCounts, OpportunityPage } from './opportunity.types.js';

@Resolver()
export class OpportunityResolver {
  constructor(
    private readonly service: OpportunityService,
    private readonly live: LiveFeed,
  ) {}

  @Query(() => OpportunityPage, { name: 'opportunities' })
  page(
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number,
    @Args('verdict', { type: () => String, nullable: true }) verdict?: string | null,
    @Args('workflow', { type: () => ID, nullable: true }) workflow?: string | null,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<OpportunityPage> {
    return this.service.page({ verdict, workflow, first: first ?? 50, after });
  }

  @Query(() => OpportunityCounts)
  opportunityCounts(): Promise<OpportunityCounts> {
    return this.service.counts();
  }

  @Query(() => Opportunity, { nullable: true })
  opportunity(@Args('id', { type: () => ID }) id: string): Promise<Opportunity | null> {
    return this.service.byId(id);
  }

  @Subscription(() => [Opportunity], { name: 'opportunities', resolve: (value: unknown) => value })
  opportunities(): Promise<AsyncIterator<readonly Opportunity[]>> {
    return this.live.opportunities();
  }
}
