import { Args, ID, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { LiveFeed } from '../live/live-feed.service.js';
import { JournalService } from './journal.service.js';
import { JournalEntry, JournalPage, Trace } from './journal.types.js';

@Resolver()
export class JournalResolver {
  constructor(
    private readonly journals: JournalService,
    private readonly live: LiveFeed,
  ) {}

  @Query(() => JournalPage, { name: 'journal' })
  page(
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number,
    @Args('kinds', { type: () => [String], nullable: true }) kinds?: string[] | null,
    @Args('workflow', { type: () => ID, nullable: true }) workflow?: string | null,
    @Args('market', { type: () => ID, nullable: true }) market?: string | null,
    @Args('account', { type: () => ID, nullable: true }) account?: string | null,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<JournalPage> {
    return this.journals.page({ kinds, workflow, market, account, first: first ?? 50, after });
  }

  @Query(() => Trace, { nullable: true })
  trace(@Args('signalId', { type: () => ID }) signalId: string): Promise<Trace | null> {
    return this.journals.trace(signalId);
  }

  @Subscription(() => [JournalEntry], { name: 'journal', resolve: (value: unknown) => value })
  journal(
    @Args('kinds', { type: () => [String], nullable: true }) kinds?: string[] | null,
  ): Promise<AsyncIterator<readonly JournalEntry[]>> {
    return this.live.journal(kinds?.length ? kinds : null);
  }
}
