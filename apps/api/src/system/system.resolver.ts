import { Context, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { LiveFeed } from '../live/live-feed.service.js';
import { SystemService } from './system.service.js';
import { Health, Viewer } from './system.types.js';

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

  @Query(() => Health, { name: 'health' })
  healthNow(): Promise<Health> {
    return this.system.health();
  }

  @Subscription(() => Health, { name: 'health', resolve: (value: unknown) => value })
  health(): Promise<AsyncIterator<Health>> {
    return this.live.health();
  }
}
