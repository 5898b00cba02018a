import { Args, Context, ID, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { ActDone, ActResult, answered, Problem } from '../graphql/problem.types.js';
import { ListFeeds } from '../live/list-feeds.service.js';
import type { Changes } from '../live/row-feed.js';
import { EnablementService } from './enablement.service.js';
import {
  EnablementChanges,
  EnablementPage,
  EnablementPlacePage,
  EnablementScopeInput,
  type EnablementSetting,
} from './enablement.types.js';

@Resolver()
export class EnablementResolver {
  constructor(
    private readonly service: EnablementService,
    private readonly feeds: ListFeeds,
  ) {}

  @Query(() => EnablementPage)
  enablement(
    @Args('plugin', { type: () => ID }) plugin: string,
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('text', { type: () => String, nullable: true }) text?: string | null,
    @Args('venue', { type: () => ID, nullable: true }) venue?: string | null,
  ): Promise<EnablementPage> {
    return this.service.page(plugin, { first, after: after ?? null, text: text ?? null, venue: venue ?? null });
  }

  @Query(() => EnablementPlacePage, { description: 'A matrix of places of one kind by plugin, by title.' })
  enablementPlaces(
    @Args('kind', { description: 'venue, category, group or market.' }) kind: string,
    @Args('plugins', { type: () => [ID] }) plugins: string[],
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('text', { type: () => String, nullable: true }) text?: string | null,
    @Args('venue', { type: () => ID, nullable: true }) venue?: string | null,
    @Args('category', { type: () => String, nullable: true }) category?: string | null,
    @Args('group', { type: () => ID, nullable: true }) group?: string | null,
  ): Promise<EnablementPlacePage> {
    return this.service.places(plugins, kind, {
      first,
      after: after ?? null,
      text: text ?? null,
      venue: venue ?? null,
      category: category ?? null,
      group: group ?? null,
    });
  }

  @Subscription(() => EnablementChanges, {
    name: 'enablement',
    resolve: (value: unknown) => value,
    description: 'What is set, and by `gone` what inherits again, from now on; the first answer is empty.',
  })
  changes(@Args('plugins', { type: () => [ID] }) plugins: string[]): AsyncIterator<Changes<EnablementSetting>> {
    return this.feeds.enablement(plugins);
  }

  @Mutation(() => ActResult, { description: 'All places take effect together; no mode inherits again.' })
  async setEnablement(
    @Context() { viewer }: ApiContext,
    @Args('plugin', { type: () => ID }) plugin: string,
    @Args('scopes', { type: () => [EnablementScopeInput] }) scopes: EnablementScopeInput[],
    @Args('mode', { type: () => String, nullable: true }) mode?: string | null,
  ): Promise<ActDone | Problem> {
    return answered(async () => ({ seq: await this.service.set(viewer, plugin, scopes, mode ?? null) }));
  }
}
