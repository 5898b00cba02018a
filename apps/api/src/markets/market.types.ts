import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { HundredthsScalar, InstantScalar, MicrosScalar } from '../graphql/scalars.js';

@ObjectType()
export class Quote {
  @Field(() => ID) market!: string;
  @Field(() => InstantScalar) at!: number;
  @Field(() => Float) seq!: number;
  @Field(() => MicrosScalar, { nullable: true }) bid!: number | null;
  @Field(() => MicrosScalar, { nullable: true }) ask!: number | null;
  @Field(() => HundredthsScalar, { nullable: true }) bidSize!: number | null;
  @Field(() => HundredthsScalar, { nullable: true }) askSize!: number | null;
  @Field(() => MicrosScalar, { nullable: true, description: 'Mid of bid and ask, null on a one-sided book.' }) mid!:
    | number
    | null;
  @Field() trusted!: boolean;
}

@ObjectType()
export class FeeInfo {
  @Field() known!: boolean;
  @Field() text!: string;
}

/** `links` is resolved on demand, many markets at a time. */
@ObjectType()
export class Market {
  @Field(() => ID) id!: string;
  @Field() venue!: string;
  @Field() native!: string;
  @Field(() => ID, { nullable: true }) group!: string | null;
  @Field() title!: string;
  @Field() rules!: string;
  @Field() category!: string;
  @Field() status!: string;
  @Field(() => InstantScalar, { nullable: true }) closesAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) paysAt!: number | null;
  @Field(() => FeeInfo) fees!: FeeInfo;
  @Field(() => HundredthsScalar) minSize!: number;
  @Field(() => Quote, { nullable: true }) quote!: Quote | null;
  @Field() trusted!: boolean;
  @Field() trustReason!: string;
  @Field(() => InstantScalar, { nullable: true }) freshAt!: number | null;
}

@ObjectType()
export class Facet {
  @Field() value!: string;
  @Field(() => Int) count!: number;
}

@ObjectType({ description: 'What markets can be narrowed by, with how many there are of each.' })
export class MarketFacets {
  @Field(() => [Facet]) categories!: readonly Facet[];
  @Field(() => [Facet]) statuses!: readonly Facet[];
}

@ObjectType()
export class MarketPage {
  @Field(() => [Market]) items!: readonly Market[];
  @Field() hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field(() => Int) total!: number;
}

/** `a` and `b` are ids here; the markets behind them are resolved on demand, many links at a time. */
@ObjectType()
export class Link {
  @Field(() => ID) id!: string;
  aId!: string;
  bId!: string;
  @Field() polarity!: string;
  @Field() state!: string;
  @Field(() => Float, { nullable: true }) mismatch!: number | null;
  @Field(() => [String]) differences!: readonly string[];
  @Field(() => String, { nullable: true }) reviewedBy!: string | null;
}

@ObjectType()
export class Level {
  @Field(() => MicrosScalar) price!: number;
  @Field(() => HundredthsScalar) size!: number;
}

@ObjectType()
export class Depth {
  @Field(() => ID) market!: string;
  @Field(() => Float) seq!: number;
  @Field(() => InstantScalar) at!: number;
  @Field(() => [Level]) bids!: readonly Level[];
  @Field(() => [Level]) asks!: readonly Level[];
  @Field() trusted!: boolean;
}

@ObjectType({ description: 'Columns of equal length, oldest first; -1 stands for an absent side.' })
export class QuoteSeries {
  @Field(() => ID) market!: string;
  @Field(() => [Float]) at!: readonly number[];
  @Field(() => [Float]) bid!: readonly number[];
  @Field(() => [Float]) ask!: readonly number[];
}

@ObjectType()
export class ContinuitySpan {
  @Field(() => InstantScalar) from!: number;
  @Field(() => InstantScalar, { nullable: true }) to!: number | null;
  @Field() trusted!: boolean;
  @Field() reason!: string;
  @Field() detail!: string;
}

@ObjectType()
export class TradeTick {
  @Field(() => Float, { description: 'Its place on the tape, one of its own.' }) seq!: number;
  @Field(() => InstantScalar) at!: number;
  @Field(() => MicrosScalar) price!: number;
  @Field(() => HundredthsScalar) size!: number;
  @Field(() => String, { nullable: true }) taker!: string | null;
}
