import { newsById, newsMarks, newsPage, type Person } from '#data';
import { Args, Context, ID, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Needs } from '../access/needs.js';
import type { ApiContext } from '../graphql/context.js';
import { answered, Problem } from '../graphql/problem.types.js';
import { InstantScalar } from '../graphql/scalars.js';
import { House } from '../house.js';
import { NewsFeed } from '../live/news-feed.service.js';
import { NewsService } from './news.service.js';
import {
  NewsItem,
  NewsMark,
  NewsPage,
  NewsResult,
  NewsSaved,
  NewsScorer,
  NewsSource,
  NewsSourceInput,
  NewsTrial,
  NewsTrialResult,
} from './news.types.js';

/** Addresses may hold keys: whoever only looks is not shown the config. */
const seesConfig = ({ role }: Person): boolean => role !== 'viewer';

@Resolver()
export class NewsResolver {
  constructor(
    private readonly house: House,
    private readonly service: NewsService,
    private readonly live: NewsFeed,
  ) {}

  @Query(() => NewsPage, { description: 'Newest first.' })
  news(
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number,
    @Args('market', { type: () => ID, nullable: true }) market?: string | null,
    @Args('source', { type: () => ID, nullable: true }) source?: string | null,
    @Args('touching', { type: () => Boolean, nullable: true }) touching?: boolean | null,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<NewsPage> {
    return newsPage(this.house.pool, { market, source, touching, first: first ?? 50, after });
  }

  @Query(() => NewsItem, { nullable: true })
  newsItem(@Args('id', { type: () => ID }) id: string): Promise<NewsItem | null> {
    return newsById(this.house.pool, id);
  }

  @Query(() => [NewsMark], { description: 'Items that took a side on a market, oldest first; at most 200.' })
  newsMarks(
    @Args('market', { type: () => ID }) market: string,
    @Args('from', { type: () => InstantScalar }) from: number,
  ): Promise<readonly NewsMark[]> {
    return newsMarks(this.house.pool, market, from);
  }

  @Query(() => [NewsSource])
  newsSources(@Context() { viewer }: ApiContext): Promise<readonly NewsSource[]> {
    return this.service.sources(seesConfig(viewer));
  }

  @Subscription(() => [NewsItem], {
    name: 'news',
    resolve: (value: unknown) => value,
    description: 'Items as they arrive, are scored, take their place on the tape and get echoes.',
  })
  newsNow(
    @Args('market', { type: () => ID, nullable: true }) market?: string | null,
    @Args('source', { type: () => ID, nullable: true }) source?: string | null,
    @Args('touching', { type: () => Boolean, nullable: true }) touching?: boolean | null,
  ): Promise<AsyncIterator<readonly NewsItem[]>> {
    return this.live.items({ market: market ?? null, source: source ?? null, touching: touching ?? false });
  }

  @Subscription(() => [NewsSource], { name: 'newsSources', resolve: (value: unknown) => value })
  sourcesNow(@Context() { viewer }: ApiContext): Promise<AsyncIterator<readonly NewsSource[]>> {
    return this.live.sources(seesConfig(viewer));
  }

  @Subscription(() => [NewsScorer], { name: 'newsScorers', resolve: (value: unknown) => value })
  scorersNow(): Promise<AsyncIterator<readonly NewsScorer[]>> {
    return this.live.scorers();
  }

  @Query(() => [NewsScorer], { description: 'Scorers at work now; empty when no worker reads news.' })
  newsScorers(): Promise<readonly NewsScorer[]> {
    return this.service.scorers();
  }

  @Needs('viewer')
  @Mutation(() => NewsTrialResult, { description: 'What would be made of a headline; nothing is kept of it.' })
  tryHeadline(@Args('text') text: string): Promise<NewsTrial | Problem> {
    return answered(() => this.service.trial(text));
  }

  @Mutation(() => NewsResult)
  saveNewsSource(
    @Context() { viewer }: ApiContext,
    @Args('source') source: NewsSourceInput,
  ): Promise<NewsSaved | Problem> {
    return answered(() => this.service.save(viewer, source));
  }

  @Mutation(() => NewsResult)
  removeNewsSource(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<NewsSaved | Problem> {
    return answered(() => this.service.remove(viewer, id));
  }

  @Mutation(() => NewsResult, { description: 'A new secret for a webhook; the old one stops working.' })
  renewNewsSecret(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<NewsSaved | Problem> {
    return answered(() => this.service.renewSecret(viewer, id));
  }
}
