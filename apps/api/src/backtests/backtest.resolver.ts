import { Args, Context, ID, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { answered, type Problem } from '../graphql/problem.types.js';
import { ListFeeds } from '../live/list-feeds.service.js';
import type { Changes } from '../live/row-feed.js';
import { BacktestService } from './backtest.service.js';
import {
  Backtest,
  BacktestChanges,
  BacktestComparison,
  BacktestInput,
  BacktestResult,
  BacktestSaved,
  BacktestTrace,
  BacktestWhole,
} from './backtest.types.js';

type Result = Promise<BacktestSaved | Problem>;
const idArg = { type: () => ID } as const;

@Resolver()
export class BacktestResolver {
  constructor(
    private readonly backtests: BacktestService,
    private readonly feeds: ListFeeds,
  ) {}

  @Query(() => [Backtest], { description: 'Newest first.' })
  backtestRuns(@Args('first', { type: () => Int, defaultValue: 100 }) first: number): Promise<readonly Backtest[]> {
    return this.backtests.newest(first);
  }

  @Query(() => BacktestWhole, { nullable: true })
  backtest(@Args('id', idArg) id: string): Promise<BacktestWhole | null> {
    return this.backtests.whole(id);
  }

  @Query(() => BacktestTrace, { nullable: true, description: 'null when the run has no such signal.' })
  backtestTrace(@Args('id', idArg) id: string, @Args('signal', idArg) signal: string): Promise<BacktestTrace | null> {
    return this.backtests.trace(id, signal);
  }

  @Query(() => BacktestComparison, { description: 'Where the journals of two runs part.' })
  compareBacktests(@Args('a', idArg) a: string, @Args('b', idArg) b: string): Promise<BacktestComparison> {
    return this.backtests.compare(a, b);
  }

  @Query(() => String, { description: 'The report as one HTML file without anything from elsewhere.' })
  backtestPage(@Args('id', idArg) id: string): Promise<string> {
    return this.backtests.page(id);
  }

  @Query(() => String, {
    description: 'All there is of it as JSON: header, report, stress, and the traces of its trades.',
  })
  backtestFile(@Args('id', idArg) id: string): Promise<string> {
    return this.backtests.file(id);
  }

  @Subscription(() => BacktestChanges, {
    name: 'backtests',
    resolve: (value: unknown) => value,
    description: 'One backtest, or the list of them: as they are, then the newest of each that changes.',
  })
  changes(@Args('id', { ...idArg, nullable: true }) id?: string | null): AsyncIterator<Changes<Backtest>> {
    return this.feeds.backtests(id ?? null);
  }

  @Mutation(() => BacktestResult)
  startBacktest(@Context() { viewer }: ApiContext, @Args('input') input: BacktestInput): Result {
    return answered(() => this.backtests.start(viewer, input));
  }

  @Mutation(() => BacktestResult)
  cancelBacktest(@Context() { viewer }: ApiContext, @Args('id', idArg) id: string): Result {
    return answered(() => this.backtests.cancel(viewer, id));
  }

  @Mutation(() => BacktestResult, { description: 'The same again, to the letter.' })
  retryBacktest(@Context() { viewer }: ApiContext, @Args('id', idArg) id: string): Result {
    return answered(() => this.backtests.retry(viewer, id));
  }

  @Mutation(() => BacktestResult)
  removeBacktest(@Context() { viewer }: ApiContext, @Args('id', idArg) id: string): Result {
    return answered(() => this.backtests.remove(viewer, id));
  }
}
