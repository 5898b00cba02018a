import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { answered, type Problem } from '../graphql/problem.types.js';
import { LiveFeed } from '../live/live-feed.service.js';
import { Facet } from '../markets/market.types.js';
import { RunService, shownRun } from './run.service.js';
import { Run, RunAnswer, RunLine, RunPage, Schedule, SessionPage, type RunAsked } from './run.types.js';

const answer = (ask: () => Promise<string>): Promise<RunAsked | Problem> =>
  answered(async () => ({ run: await ask() }));

@Resolver(() => Run)
export class RunResolver {
  constructor(
    private readonly service: RunService,
    private readonly live: LiveFeed,
  ) {}

  @Query(() => RunPage, { description: 'Newest first.' })
  runs(
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('kind', { type: () => String, nullable: true }) kind?: string | null,
    @Args('state', { type: () => String, nullable: true }) state?: string | null,
    @Args('text', { type: () => String, nullable: true }) text?: string | null,
  ): Promise<RunPage> {
    return this.service.page({ first, after, kind, state, text });
  }

  @Query(() => Run, { nullable: true })
  run(@Args('id', { type: () => ID }) id: string): Promise<Run | null> {
    return this.service.byId(id);
  }

  @Query(() => [Facet], { description: 'Kinds of runs there are, most frequent first.' })
  runKinds(): Promise<readonly Facet[]> {
    return this.service.kinds();
  }

  @ResolveField(() => [RunLine], { description: 'Its timeline and what it said, oldest first.' })
  async lines(@Parent() { id }: Run, @Context() context: ApiContext): Promise<readonly RunLine[]> {
    return (await context.runLines(id)) ?? [];
  }

  @Mutation(() => RunAnswer, { description: 'Works a job again that failed or was cancelled.' })
  retryRun(@Context() { viewer }: ApiContext, @Args('id', { type: () => ID }) id: string): Promise<RunAsked | Problem> {
    return answer(() => this.service.retry(viewer, id));
  }

  @Mutation(() => RunAnswer, { description: 'Ends what waits at once; a worker that has it stops at its next step.' })
  cancelRun(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<RunAsked | Problem> {
    return answer(() => this.service.cancel(viewer, id));
  }

  @Mutation(() => RunAnswer, { description: 'A lane stops in order and starts again where it was.' })
  restartRun(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<RunAsked | Problem> {
    return answer(() => this.service.restart(viewer, id));
  }

  @Subscription(() => [Run], {
    name: 'runs',
    resolve: (value: unknown) => value,
    description: 'What changes, the newest of each run at a steady pace; of one run first as it stands.',
  })
  changes(@Args('id', { type: () => ID, nullable: true }) id?: string | null): Promise<AsyncIterator<readonly Run[]>> {
    return this.live.runs(id ?? null);
  }

  @Query(() => SessionPage, { description: 'Workflows that run or ran, the newest start first.' })
  sessions(
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<SessionPage> {
    return this.service.sessions(first, after ?? null);
  }
}

@Resolver(() => Schedule)
export class ScheduleResolver {
  constructor(private readonly service: RunService) {}

  @Query(() => [Schedule], { description: 'What happens by the clock, as the jobs worker said when it started.' })
  schedules(): Promise<readonly Schedule[]> {
    return this.service.schedules();
  }

  @ResolveField(() => Run, { nullable: true })
  async lastRun(@Parent() { id }: Schedule, @Context() context: ApiContext): Promise<Run | null> {
    const row = await context.lastRun(id);
    return row ? shownRun(row) : null;
  }

  @Mutation(() => RunAnswer, { description: 'Puts a scheduled job into its queue now.' })
  runNow(
    @Context() { viewer }: ApiContext,
    @Args('schedule', { type: () => ID }) schedule: string,
  ): Promise<RunAsked | Problem> {
    return answer(() => this.service.now(viewer, schedule));
  }
}
