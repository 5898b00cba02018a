import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { BacktestsService } from './backtests/backtests.service.js';
import { House } from './house.js';
import { JobsService } from './jobs/jobs.service.js';
import { NewsService } from './news/news.service.js';
import { LaneService } from './lane/lane.service.js';
import { NoticesService } from './notices/notices.service.js';

export const ROLES = ['live', 'jobs'] as const;
export type Role = (typeof ROLES)[number];

/** One program, two roles: `live` holds the lane, `jobs` does what may be late. */
@Module({})
export class WorkerModule {
  static for(role: Role, house: House): DynamicModule {
    const given = { provide: House, useValue: house };
    return role === 'live'
      ? { module: WorkerModule, providers: [given, LaneService] }
      : {
          module: WorkerModule,
          imports: [ScheduleModule.forRoot()],
          providers: [given, JobsService, NoticesService, BacktestsService, NewsService],
        };
  }
}
