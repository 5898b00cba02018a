import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { HundredthsScalar, InstantScalar, JsonScalar, MicrosScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'An export, an import or a backfill that somebody asked for.' })
export class StorageTask {
  @Field(() => ID) id!: string;
  @Field({ description: 'export, import or backfill' }) kind!: string;
  @Field() title!: string;
  @Field() by!: string;
  @Field({ description: 'waiting, running, done, failed or cancelled' }) state!: string;
  @Field(() => InstantScalar) askedAt!: number;
  @Field(() => InstantScalar, { nullable: true }) startedAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) endedAt!: number | null;
  @Field(() => Float, { description: 'From 0 to 1.' }) progress!: number;
  @Field({ description: 'How far it is and how long it may take, or what became of it.' }) note!: string;
  @Field(() => [String], { description: 'What was refused, with file and line.' }) problems!: readonly string[];
  @Field(() => String, { nullable: true, description: 'Where a finished export is downloaded.' }) url!: string | null;
}

@InputType()
export class BackfillInput {
  @Field(() => ID) venue!: string;
  @Field(() => [ID], { nullable: true, description: 'None: every market of the venue that is on the tape.' })
  markets?: string[] | null;
  @Field(() => [String], { description: 'candles, trades' }) kinds!: string[];
  @Field(() => InstantScalar) from!: number;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive; now unless said otherwise.' }) to?:
    | number
    | null;
}

@InputType()
export class ExportInput {
  @Field(() => Int, { nullable: true }) lane?: number | null;
  @Field({ description: 'parquet, csv or replay' }) format!: string;
  @Field(() => Float, { nullable: true }) fromSeq?: number | null;
  @Field(() => Float, { nullable: true }) toSeq?: number | null;
  @Field(() => [ID], { nullable: true, description: 'None: all; a choice is for looking at and cannot be imported.' })
  markets?: string[] | null;
}

@ObjectType({ description: 'What a venue can tell of the past.' })
export class VenuePast {
  @Field(() => ID) venue!: string;
  @Field(() => [String]) kinds!: readonly string[];
  @Field() sentence!: string;
}

@ObjectType({ description: 'Micro-dollars; null where nothing of it was heard.' })
export class Prices {
  @Field(() => MicrosScalar, { nullable: true }) open!: number | null;
  @Field(() => MicrosScalar, { nullable: true }) high!: number | null;
  @Field(() => MicrosScalar, { nullable: true }) low!: number | null;
  @Field(() => MicrosScalar, { nullable: true }) close!: number | null;
}

@ObjectType()
export class Candle {
  @Field(() => InstantScalar, { description: 'Its start.' }) at!: number;
  @Field({
    description: 'recorded: made of our own tape; backfill: told by the venue afterwards, never a recorded book',
  })
  origin!: string;
  @Field(() => Prices) bid!: Prices;
  @Field(() => Prices) ask!: Prices;
  @Field(() => Prices) mid!: Prices;
  @Field(() => Prices, { description: 'Of trades.' }) price!: Prices;
  @Field(() => HundredthsScalar, { nullable: true }) volume!: number | null;
  @Field(() => Float, { nullable: true, description: 'Mean of ask less bid, micro-dollars.' }) meanSpread!:
    | number
    | null;
}

@ObjectType()
export class CandleSeries {
  @Field(() => Float) stepMs!: number;
  @Field(() => [Candle], { description: 'Oldest first; a step of which nothing is known has none.' })
  candles!: readonly Candle[];
}

@ObjectType()
export class PastTrade {
  @Field(() => InstantScalar) at!: number;
  @Field({ description: 'recorded or backfill' }) origin!: string;
  @Field(() => ID) tradeId!: string;
  @Field(() => MicrosScalar) price!: number;
  @Field(() => HundredthsScalar) size!: number;
  @Field(() => String, { nullable: true }) taker!: string | null;
}

@ObjectType()
export class TapeItem {
  @Field(() => Float) seq!: number;
  @Field(() => InstantScalar) at!: number;
  @Field() kind!: string;
  @Field(() => ID, { nullable: true, description: 'Where the question named its market.' }) market!: string | null;
  @Field(() => JsonScalar, { description: 'The event less its stamp. Levels are triples side, price, size.' })
  body!: unknown;
}

@ObjectType()
export class TapeSlice {
  @Field(() => [TapeItem]) items!: readonly TapeItem[];
  @Field(() => Float, { nullable: true, description: 'Where to go on; null: that was the head.' }) nextSeq!:
    | number
    | null;
}

export const StorageTaskResult = createUnionType({
  name: 'StorageTaskResult',
  types: () => [StorageTask, Problem] as const,
  resolveType: (value: StorageTask | Problem) => ('kind' in value ? StorageTask : Problem),
});
