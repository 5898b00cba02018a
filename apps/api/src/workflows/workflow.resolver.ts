import { Args, Context, ID, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { InstantScalar } from '../graphql/scalars.js';
import { LiveFeed } from '../live/live-feed.service.js';
import { ScopePreview } from './workflow-edit.types.js';
import { WorkflowService } from './workflow.service.js';
import { Workflow } from './workflow.types.js';

@Resolver(() => Workflow)
export class WorkflowResolver {
  constructor(
    private readonly service: WorkflowService,
    private readonly live: LiveFeed,
  ) {}

  @Query(() => [Workflow], { name: 'workflows' })
  workflowsNow(): Promise<Workflow[]> {
    return this.service.all();
  }

  @Query(() => Workflow, { nullable: true })
  async workflow(@Args('id', { type: () => ID }) id: string): Promise<Workflow | null> {
    return (await this.service.all(id))[0] ?? null;
  }

  @ResolveField(() => InstantScalar, { nullable: true })
  async lastSignalAt(@Parent() { id }: Workflow, @Context() context: ApiContext): Promise<number | null> {
    return (await context.activity(id))?.signalAt ?? null;
  }

  @ResolveField(() => InstantScalar, { nullable: true })
  async lastFillAt(@Parent() { id }: Workflow, @Context() context: ApiContext): Promise<number | null> {
    return (await context.activity(id))?.fillAt ?? null;
  }

  @ResolveField(() => ScopePreview, { nullable: true, description: 'What its scope holds now.' })
  async scopeSize(@Parent() { scope }: Workflow, @Context() context: ApiContext): Promise<ScopePreview | null> {
    return (await context.scopeSize(JSON.stringify(scope))) ?? null;
  }

  @Subscription(() => [Workflow], { name: 'workflows', resolve: (value: unknown) => value })
  workflows(): Promise<AsyncIterator<readonly Workflow[]>> {
    return this.live.workflows();
  }
}
