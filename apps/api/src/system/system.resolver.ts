import { pageSize } from '#data';
import { Args, Context, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { LiveFeed } from '../live/live-feed.service.js';
import { SystemService } from './system.service.js';
import { Health, Run, Viewer } from './system.types.js';

@Resolver()
export class SystemResolver {
  constructor(
    private readonly system: SystemService,
    private readonly live: LiveFeed,
  ) {}

  @Query(() => Viewer)
  viewer(@Context() context: ApiContext): Viewer {
    return context.viewer;
  }

  @Query(() => [Run])
  runs(@Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number): Promise<readonly Run[]> {
    return this.system.runs(pageSize(first ?? 50));
  }

  @Query(() => Health, { name: 'health' })
  healthNow(): Promise<Health> {
    return this.system.health();
  }

  @Subscription(() => Health, { name: 'health', resolve: (value: unknown) => value })
  health(): Promise<AsyncIterator<Health>> {
    return this.live.health();
  }
}
