import { Args, ID, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { InstantScalar } from '../graphql/scalars.js';
import { LiveFeed } from '../live/live-feed.service.js';
import { PortfolioService } from './portfolio.service.js';
import { Account, EquityPoint } from './portfolio.types.js';

@Resolver()
export class PortfolioResolver {
  constructor(
    private readonly portfolio: PortfolioService,
    private readonly live: LiveFeed,
  ) {}

  @Query(() => [Account], { name: 'accounts' })
  accountsNow(): Promise<Account[]> {
    return this.portfolio.accounts();
  }

  @Query(() => [EquityPoint])
  equity(
    @Args('account', { type: () => ID }) account: string,
    @Args('points', { type: () => Int, nullable: true, defaultValue: 400 }) points: number,
    @Args('from', { type: () => InstantScalar, nullable: true }) from?: number | null,
  ): Promise<readonly EquityPoint[]> {
    return this.portfolio.equity(account, from ?? null, points ?? 400);
  }

  @Subscription(() => [Account], { name: 'accounts', resolve: (value: unknown) => value })
  accounts(): Promise<AsyncIterator<readonly Account[]>> {
    return this.live.accounts();
  }
}
