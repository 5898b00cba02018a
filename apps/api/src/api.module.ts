import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { RoleGuard } from './access/needs.js';
import { ActResolver } from './acts/act.resolver.js';
import { ActService } from './acts/act.service.js';
import { AuthController } from './auth/auth.controller.js';
import { AuthService } from './auth/auth.service.js';
import { BacktestResolver } from './backtests/backtest.resolver.js';
import { BacktestService } from './backtests/backtest.service.js';
import { SweepResolver } from './backtests/sweep.resolver.js';
import { SweepService } from './backtests/sweep.service.js';
import { EstimateResolver } from './estimates/estimate.resolver.js';
import { EstimateService } from './estimates/estimate.service.js';
import { createContext, type ApiContext } from './graphql/context.js';
import { LIMITS, operationLimits } from './graphql/limits.js';
import { shownGraphqlError } from './graphql/shown-error.js';
import { House } from './house.js';
import { JournalResolver } from './journal/journal.resolver.js';
import { JournalService } from './journal/journal.service.js';
import { ListFeeds } from './live/list-feeds.service.js';
import { LiveFeed } from './live/live-feed.service.js';
import { MarketFeed } from './live/market-feed.service.js';
import { NewsFeed } from './live/news-feed.service.js';
import { LinkCandidateResolver, LinkSuggestionResolver } from './links/likeness.resolver.js';
import { LikenessService } from './links/likeness.service.js';
import { LinkResolver, MarketResolver } from './markets/market.resolver.js';
import { MarketService } from './markets/market.service.js';
import { NoticeFeed } from './notices/notice.feed.js';
import { NoticeResolver } from './notices/notice.resolver.js';
import { NoticeService } from './notices/notice.service.js';
import { NewsHookController } from './news/news-hook.controller.js';
import { NewsResolver } from './news/news.resolver.js';
import { NewsService } from './news/news.service.js';
import { OpportunityResolver } from './opportunities/opportunity.resolver.js';
import { OpportunityService } from './opportunities/opportunity.service.js';
import { PortfolioResolver } from './portfolio/portfolio.resolver.js';
import { PortfolioService } from './portfolio/portfolio.service.js';
import { PluginResolver } from './plugins/plugin.resolver.js';
import { EnablementResolver } from './enablement/enablement.resolver.js';
import { EnablementService } from './enablement/enablement.service.js';
import { viewerOf } from './auth/viewer.js';
import { PeopleResolver } from './people/people.resolver.js';
import { PeopleService } from './people/people.service.js';
import { VerdictResolver } from './risk/verdict.resolver.js';
import { VerdictService } from './risk/verdict.service.js';
import { LivenessController } from './system/liveness.controller.js';
import { StorageResolver } from './storage/storage.resolver.js';
import { StorageService } from './storage/storage.service.js';
import { RunResolver, ScheduleResolver } from './runs/run.resolver.js';
import { RunService } from './runs/run.service.js';
import { StorageTaskResolver } from './storage/storage-task.resolver.js';
import { StorageTaskService } from './storage/storage-task.service.js';
import { TransferController } from './storage/transfer.controller.js';
import { SystemResolver } from './system/system.resolver.js';
import { SystemService } from './system/system.service.js';
import { WorkflowEditResolver } from './workflows/workflow-edit.resolver.js';
import { WorkflowEditService } from './workflows/workflow-edit.service.js';
import { WorkflowResolver } from './workflows/workflow.resolver.js';
import { WorkflowService } from './workflows/workflow.service.js';

export const RESOLVERS = [
  MarketResolver,
  LinkResolver,
  LinkCandidateResolver,
  LinkSuggestionResolver,
  EstimateResolver,
  OpportunityResolver,
  NewsResolver,
  JournalResolver,
  PortfolioResolver,
  WorkflowResolver,
  WorkflowEditResolver,
  PluginResolver,
  EnablementResolver,
  StorageResolver,
  StorageTaskResolver,
  NoticeResolver,
  PeopleResolver,
  BacktestResolver,
  SweepResolver,
  VerdictResolver,
  RunResolver,
  ScheduleResolver,
  SystemResolver,
  ActResolver,
];

@Global()
@Module({})
class HouseModule {
  static of(house: House): DynamicModule {
    return { module: HouseModule, providers: [{ provide: House, useValue: house }], exports: [House] };
  }
}

@Module({})
export class ApiModule {
  static of(house: House): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        HouseModule.of(house),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          path: '/graphql',
          autoSchemaFile: true,
          sortSchema: true,
          // Only who is signed in reaches the handler at all.
          introspection: true,
          graphiql: false,
          csrfPrevention: true,
          allowBatchedHttpRequests: false,
          persistedQueries: false,
          includeStacktraceInErrorResponses: false,
          autoTransformHttpErrors: false,
          validationRules: [operationLimits(LIMITS)],
          context: (request: FastifyRequest): ApiContext => createContext(house.pool, viewerOf(request)),
          formatError: (_formatted, error) => shownGraphqlError(error, house.log),
        }),
      ],
      controllers: [AuthController, NewsHookController, LivenessController, TransferController],
      providers: [
        ...RESOLVERS,
        { provide: APP_GUARD, useClass: RoleGuard },
        AuthService,
        ActService,
        MarketService,
        LikenessService,
        EstimateService,
        JournalService,
        OpportunityService,
        NewsService,
        PortfolioService,
        WorkflowService,
        WorkflowEditService,
        EnablementService,
        StorageService,
        StorageTaskService,
        NoticeService,
        NoticeFeed,
        PeopleService,
        BacktestService,
        SweepService,
        VerdictService,
        RunService,
        SystemService,
        LiveFeed,
        ListFeeds,
        MarketFeed,
        NewsFeed,
      ],
    };
  }
}
