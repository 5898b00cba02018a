import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { HundredthsScalar, InstantScalar, MicrosScalar } from '../graphql/scalars.js';

@ObjectType()
export class WaterfallStep {
  @Field() label!: string;
  @Field(() => MicrosScalar) amount!: number;
}

@ObjectType()
export class Opportunity {
  @Field(() => ID) id!: string;
  @Field(() => ID) workflow!: string;
  @Field() phase!: string;
  @Field() verdict!: string;
  @Field() direction!: string;
  @Field(() => ID, { nullable: true }) link!: string | null;
  @Field(() => ID, { nullable: true }) group!: string | null;
  @Field(() => [ID]) markets!: readonly string[];
  @Field(() => [String]) titles!: readonly string[];
  @Field(() => InstantScalar) openedAt!: number;
  @Field(() => InstantScalar, { nullable: true }) closedAt!: number | null;
  @Field(() => InstantScalar) updatedAt!: number;
  @Field(() => MicrosScalar) bestGross!: number;
  @Field(() => MicrosScalar) bestNet!: number;
  @Field(() => HundredthsScalar) size!: number;
  @Field(() => [WaterfallStep]) waterfall!: readonly WaterfallStep[];
  @Field(() => String, { nullable: true }) signalId!: string | null;
  @Field() reason!: string;
  @Field(() => Int, { description: 'How often the gate refused it over its life.' }) denials!: number;
  @Field({ description: 'Why it is over; empty while it lasts.' }) ended!: string;
  @Field(() => MicrosScalar, {
    nullable: true,
    description: 'Profit its trades have locked in and not realised yet.',
  })
  lockedIn!: number | null;
  @Field(() => MicrosScalar, { nullable: true, description: 'What its trades have realised.' })
  realised!: number | null;
}

@ObjectType()
export class OpportunityPage {
  @Field(() => [Opportunity]) items!: readonly Opportunity[];
  @Field(() => Int) total!: number;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType()
export class OpportunityCounts {
  @Field(() => Int) accepted!: number;
  @Field(() => Int) denied!: number;
  @Field(() => Int) netNegative!: number;
  @Field(() => Int) shadow!: number;
}
