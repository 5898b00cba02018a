import { UserProblem } from '#core';
import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { asProblem, Problem } from '../graphql/problem.types.js';
import { InstantScalar } from '../graphql/scalars.js';
import { StorageService } from './storage.service.js';
import {
  CoverageDay,
  Storage,
  StorageDrop,
  StorageDropResult,
  StoredTable,
  StoredTableResult,
} from './storage.types.js';

/** What a person can mend comes back as a value; everything else stays an error. */
async function orProblem<T>(work: Promise<T>): Promise<T | Problem> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UserProblem) return asProblem(error);
    throw error;
  }
}

@Resolver()
export class StorageResolver {
  constructor(private readonly service: StorageService) {}

  @Query(() => Storage)
  storage(): Promise<Storage> {
    return this.service.report();
  }

  @Query(() => StorageDropResult, { description: 'What a retention of so many days would remove now.' })
  storagePreview(
    @Args('table') table: string,
    @Args('keepDays', { type: () => Int }) keepDays: number,
  ): Promise<StorageDrop | Problem> {
    return orProblem(this.service.preview(table, keepDays));
  }

  @Mutation(() => StoredTableResult, { description: 'Takes effect with the next upkeep, within the hour.' })
  setStoragePolicy(
    @Context() { viewer }: ApiContext,
    @Args('table') table: string,
    @Args('keepDays', { type: () => Int, nullable: true, description: 'Null: for ever.' }) keepDays?: number | null,
    @Args('compressHours', { type: () => Int, nullable: true, description: 'Null: never.' })
    compressHours?: number | null,
  ): Promise<StoredTable | Problem> {
    return orProblem(
      this.service.setPolicy(viewer, table, { keepDays: keepDays ?? null, compressHours: compressHours ?? null }),
    );
  }

  @Query(() => [CoverageDay], { description: 'How much of each day a market was recorded, and could be trusted.' })
  coverage(
    @Args('market', { type: () => ID }) market: string,
    @Args('from', { type: () => InstantScalar, nullable: true }) from?: number | null,
    @Args('to', { type: () => InstantScalar, nullable: true }) to?: number | null,
  ): Promise<readonly CoverageDay[]> {
    return this.service.coverage(market, from ?? null, to ?? null);
  }
}
