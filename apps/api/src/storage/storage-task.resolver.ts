import { pageSize } from '#data';
import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { answered, Problem } from '../graphql/problem.types.js';
import { StorageTaskService } from './storage-task.service.js';
import { BackfillInput, ExportInput, StorageTask, StorageTaskResult, VenuePast } from './storage-task.types.js';

type Result = Promise<StorageTask | Problem>;

@Resolver()
export class StorageTaskResolver {
  constructor(private readonly service: StorageTaskService) {}

  @Query(() => [StorageTask], { description: 'Newest first.' })
  storageTasks(@Args('first', { type: () => Int, defaultValue: 20 }) first: number): Promise<StorageTask[]> {
    return this.service.newest(pageSize(first));
  }

  @Query(() => [VenuePast])
  venuePasts(): VenuePast[] {
    return this.service.pasts();
  }

  @Mutation(() => StorageTaskResult)
  startBackfill(@Context() { viewer }: ApiContext, @Args('input') input: BackfillInput): Result {
    return answered(() => this.service.backfill(viewer, input));
  }

  @Mutation(() => StorageTaskResult)
  startExport(@Context() { viewer }: ApiContext, @Args('input') input: ExportInput): Result {
    return answered(() => this.service.export(viewer, input));
  }

  @Mutation(() => StorageTaskResult)
  cancelStorageTask(@Context() { viewer }: ApiContext, @Args('id', { type: () => ID }) id: string): Result {
    return answered(() => this.service.cancel(viewer, id));
  }

  @Mutation(() => StorageTaskResult, { description: 'Takes up what failed or was cancelled, where it stopped.' })
  resumeStorageTask(@Context() { viewer }: ApiContext, @Args('id', { type: () => ID }) id: string): Result {
    return answered(() => this.service.resume(viewer, id));
  }
}
