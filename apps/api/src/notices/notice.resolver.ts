import { Args, Context, ID, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Needs } from '../access/needs.js';
import type { ApiContext } from '../graphql/context.js';
import { answered, Problem } from '../graphql/problem.types.js';
import { InstantScalar } from '../graphql/scalars.js';
import { NoticeFeed } from './notice.feed.js';
import { NoticeService } from './notice.service.js';
import { DeliveryPage, Done, DoneResult, NoticeRule, NoticeRuleInput, StoredSecret } from './notice.types.js';

type Result = Promise<Done | Problem>;

const answer = (work: () => Promise<string>): Result => answered(async () => ({ id: await work() }));

/** Where notices go and what they are signed with is decided by admins: it is what leaves the house. */
@Resolver()
export class NoticeResolver {
  constructor(
    private readonly notices: NoticeService,
    private readonly feed: NoticeFeed,
  ) {}

  @Query(() => [NoticeRule])
  noticeRules(@Context() { viewer }: ApiContext): Promise<readonly NoticeRule[]> {
    return this.notices.rules(viewer);
  }

  @Query(() => DeliveryPage, { description: 'Newest first.' })
  deliveries(
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('rule', { type: () => ID, nullable: true }) rule?: string | null,
    @Args('state', { type: () => String, nullable: true }) state?: string | null,
  ): Promise<DeliveryPage> {
    return this.notices.deliveries({ first, after: after ?? null, rule: rule ?? null, state: state ?? null });
  }

  @Query(() => [StoredSecret])
  storedSecrets(): Promise<readonly StoredSecret[]> {
    return this.notices.secrets();
  }

  @Subscription(() => InstantScalar, {
    description: 'When rules or deliveries last changed, as far as the server heard: ask for them again.',
    resolve: (value: unknown) => value,
  })
  noticesChanged(): AsyncIterator<number> {
    return this.feed.changes();
  }

  @Needs('admin')
  @Mutation(() => DoneResult)
  saveNoticeRule(@Context() { viewer }: ApiContext, @Args('rule') rule: NoticeRuleInput): Result {
    return answer(() => this.notices.save(viewer, rule));
  }

  @Needs('admin')
  @Mutation(() => DoneResult, { description: 'Its deliveries go with it.' })
  removeNoticeRule(@Context() { viewer }: ApiContext, @Args('id', { type: () => ID }) id: string): Result {
    return answer(() => this.notices.remove(viewer, id));
  }

  @Needs('operator')
  @Mutation(() => DoneResult, { description: 'Delivers a notice that says it is a test; answers its delivery.' })
  sendNoticeTest(@Context() { viewer }: ApiContext, @Args('rule', { type: () => ID }) rule: string): Result {
    return answer(() => this.notices.test(viewer, rule));
  }

  @Needs('operator')
  @Mutation(() => DoneResult, { description: 'Tries a delivery again from the start, under the same id.' })
  sendDeliveryAgain(@Context() { viewer }: ApiContext, @Args('id', { type: () => ID }) id: string): Result {
    return answer(() => this.notices.again(viewer, id));
  }

  @Needs('admin')
  @Mutation(() => DoneResult, { description: 'Seals it under a name that configs may use.' })
  saveSecret(
    @Context() { viewer }: ApiContext,
    @Args('name', { type: () => ID }) name: string,
    @Args('secret') secret: string,
  ): Result {
    return answer(() => this.notices.saveSecret(viewer, name, secret));
  }

  @Needs('admin')
  @Mutation(() => DoneResult)
  removeSecret(@Context() { viewer }: ApiContext, @Args('name', { type: () => ID }) name: string): Result {
    return answer(() => this.notices.removeSecret(viewer, name));
  }
}
