import { Args, ID, Query, Resolver, Subscription } from '@nestjs/graphql';
import { LiveFeed } from '../live/live-feed.service.js';
import { WorkflowService } from './workflow.service.js';
import { Workflow } from './workflow.types.js';

@Resolver()
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

  @Subscription(() => [Workflow], { name: 'workflows', resolve: (value: unknown) => value })
  workflows(): Promise<AsyncIterator<readonly Workflow[]>> {
    return this.live.workflows();
  }
}
