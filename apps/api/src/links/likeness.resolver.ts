import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { House } from '../house.js';
import { Market } from '../markets/market.types.js';
import { marketView, unheardMarket } from '../markets/market.view.js';
import { LikenessService } from './likeness.service.js';
import { LinkCandidate, LinkLikeness, LinkSuggestion, LinkSuggestions } from './likeness.types.js';

async function resolved(id: string, context: ApiContext, house: House): Promise<Market> {
  const row = await context.market(id);
  return row ? marketView(row, house.now()) : unheardMarket(id);
}

@Resolver(() => LinkCandidate)
export class LinkCandidateResolver {
  constructor(
    private readonly likeness: LikenessService,
    private readonly house: House,
  ) {}

  @Query(() => [LinkCandidate], {
    description: 'Open markets of other venues that may ask the same, the likest first.',
  })
  linkCandidates(
    @Args('market', { type: () => ID }) market: string,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 5 }) first: number,
  ): Promise<readonly LinkCandidate[]> {
    return this.likeness.candidates(market, first ?? 5);
  }

  @Query(() => LinkLikeness, {
    description: 'What two markets have in common, and everything found that they have not.',
  })
  linkLikeness(
    @Args('a', { type: () => ID }) a: string,
    @Args('b', { type: () => ID }) b: string,
  ): Promise<LinkLikeness> {
    return this.likeness.compare(a, b);
  }

  @ResolveField(() => Market)
  market(@Parent() candidate: LinkCandidate, @Context() context: ApiContext): Promise<Market> {
    return resolved(candidate.marketId, context, this.house);
  }
}

@Resolver(() => LinkSuggestion)
export class LinkSuggestionResolver {
  constructor(
    private readonly likeness: LikenessService,
    private readonly house: House,
  ) {}

  @Query(() => LinkSuggestions)
  linkSuggestions(
    @Args('first', { type: () => Int, nullable: true, defaultValue: 20 }) first: number,
  ): Promise<LinkSuggestions> {
    return this.likeness.suggestions(first ?? 20);
  }

  @ResolveField(() => Market)
  a(@Parent() pair: LinkSuggestion, @Context() context: ApiContext): Promise<Market> {
    return resolved(pair.aId, context, this.house);
  }

  @ResolveField(() => Market)
  b(@Parent() pair: LinkSuggestion, @Context() context: ApiContext): Promise<Market> {
    return resolved(pair.bId, context, this.house);
  }
}
