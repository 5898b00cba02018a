import { pageSize } from '#data';
import { Args, Context, Float, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Needs } from '../access/needs.js';
import type { ApiContext } from '../graphql/context.js';
import { answered, Problem } from '../graphql/problem.types.js';
import { InstantScalar } from '../graphql/scalars.js';
import { Depth } from '../markets/market.types.js';
import { StorageService } from './storage.service.js';
import { CandleSeries, PastTrade, TapeSlice } from './storage-task.types.js';
import {
  CoverageDay,
  Storage,
  StorageDrop,
  StorageDropResult,
  StoredTable,
  StoredTableResult,
} from './storage.types.js';

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
    return answered(() => this.service.preview(table, keepDays));
  }

  @Needs('admin')
  @Mutation(() => StoredTableResult, { description: 'Takes effect with the next upkeep, within the hour.' })
  setStoragePolicy(
    @Context() { viewer }: ApiContext,
    @Args('table') table: string,
    @Args('keepDays', { type: () => Int, nullable: true, description: 'Null: for ever.' }) keepDays?: number | null,
    @Args('compressHours', { type: () => Int, nullable: true, description: 'Null: never.' })
    compressHours?: number | null,
  ): Promise<StoredTable | Problem> {
    return answered(() =>
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

  @Query(() => InstantScalar, {
    nullable: true,
    description: 'When a market was first heard of; null when nothing was recorded of it.',
  })
  firstHeard(@Args('market', { type: () => ID }) market: string): Promise<number | null> {
    return this.service.firstHeard(market);
  }

  @Query(() => CandleSeries, {
    description: 'At most a candle per pixel; recorded ones, and a venue’s own where nothing was recorded.',
  })
  candles(
    @Args('market', { type: () => ID }) market: string,
    @Args('from', { type: () => InstantScalar }) from: number,
    @Args('to', { type: () => InstantScalar }) to: number,
    @Args('pixels', { type: () => Int, defaultValue: 600 }) pixels: number,
  ): Promise<CandleSeries> {
    return this.service.candles(market, from, to, pixels);
  }

  @Query(() => [PastTrade], { description: 'Oldest first, each once, whether recorded or told afterwards.' })
  pastTrades(
    @Args('market', { type: () => ID }) market: string,
    @Args('from', { type: () => InstantScalar }) from: number,
    @Args('to', { type: () => InstantScalar }) to: number,
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
  ): Promise<readonly PastTrade[]> {
    return this.service.trades(market, from, to, pageSize(first));
  }

  @Query(() => Depth, { description: 'The recorded book as it was at the end of a millisecond.' })
  pastDepth(
    @Args('market', { type: () => ID }) market: string,
    @Args('at', { type: () => InstantScalar }) at: number,
    @Args('levels', { type: () => Int, defaultValue: 20 }) levels: number,
  ): Promise<Depth> {
    return this.service.pastDepth(market, at, Math.min(500, Math.max(1, levels)));
  }

  @Query(() => TapeSlice, {
    description: 'Events as they were recorded, of some markets of one lane or of all, in the order of the tape.',
  })
  tape(
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
    @Args('fromSeq', { type: () => Float, defaultValue: 1 }) fromSeq: number,
    @Args('markets', { type: () => [ID], nullable: true }) markets?: string[] | null,
    @Args('lane', { type: () => Int, nullable: true }) lane?: number | null,
  ): Promise<TapeSlice> {
    return this.service.tape(markets ?? [], lane ?? null, fromSeq, pageSize(first));
  }
}
