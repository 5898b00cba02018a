import { Args, Context, ID, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { answered, type Problem } from '../graphql/problem.types.js';
import { ListFeeds } from '../live/list-feeds.service.js';
import type { Changes } from '../live/row-feed.js';
import { SweepService } from './sweep.service.js';
import { Sweep, SweepChanges, SweepInput, SweepResult, SweepWhole, type SweepSaved } from './sweep.types.js';

type Result = Promise<SweepSaved | Problem>;
const idArg = { type: () => ID } as const;

@Resolver()
export class SweepResolver {
  constructor(
    private readonly all: SweepService,
    private readonly feeds: ListFeeds,
  ) {}

  @Query(() => [Sweep], { description: 'Newest first.' })
  sweeps(@Args('first', { type: () => Int, defaultValue: 100 }) first: number): Promise<readonly Sweep[]> {
    return this.all.newest(first);
  }

  @Query(() => SweepWhole, { nullable: true })
  sweep(@Args('id', idArg) id: string): Promise<SweepWhole | null> {
    return this.all.whole(id);
  }

  @Subscription(() => SweepChanges, {
    name: 'sweeps',
    resolve: (value: unknown) => value,
    description: 'One sweep, or the list of them: as they are, then the newest of each that changes.',
  })
  changes(@Args('id', { ...idArg, nullable: true }) id?: string | null): AsyncIterator<Changes<Sweep>> {
    return this.feeds.sweeps(id ?? null);
  }

  @Mutation(() => SweepResult)
  startSweep(@Context() { viewer }: ApiContext, @Args('input') input: SweepInput): Result {
    return answered(() => this.all.start(viewer, input));
  }

  @Mutation(() => SweepResult)
  cancelSweep(@Context() { viewer }: ApiContext, @Args('id', idArg) id: string): Result {
    return answered(() => this.all.cancel(viewer, id));
  }

  @Mutation(() => SweepResult, { description: 'Goes on with one that ended; runs with a report are not run again.' })
  resumeSweep(@Context() { viewer }: ApiContext, @Args('id', idArg) id: string): Result {
    return answered(() => this.all.resume(viewer, id));
  }

  @Mutation(() => SweepResult, { description: 'With all its backtests.' })
  removeSweep(@Context() { viewer }: ApiContext, @Args('id', idArg) id: string): Result {
    return answered(() => this.all.remove(viewer, id));
  }
}
