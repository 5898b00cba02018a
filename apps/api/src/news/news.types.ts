import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar, JsonScalar } from '../graphql/scalars.js';
import { Problem } from '../graphql/problem.types.js';

@ObjectType({ description: 'What an item says of one market.' })
export class NewsTouch {
  @Field(() => ID) market!: string;
  @Field() title!: string;
  @Field(() => Float, { description: '0 has nothing to do with it, 1 is about it.' }) relevance!: number;
  @Field(() => Float, { description: '-1 speaks for NO, 1 for YES; 0 takes no side.' }) stance!: number;
  @Field(() => Float) confidence!: number;
  @Field() reason!: string;
}

@ObjectType()
export class NewsItem {
  @Field(() => ID) id!: string;
  @Field(() => ID) source!: string;
  @Field() sourceTitle!: string;
  @Field() title!: string;
  @Field() text!: string;
  @Field(() => String, { nullable: true }) url!: string | null;
  @Field(() => InstantScalar, { nullable: true }) publishedAt!: number | null;
  @Field(() => InstantScalar) receivedAt!: number;
  @Field(() => InstantScalar, { nullable: true, description: 'Absent while it waits for its scores.' })
  scoredAt!: number | null;
  @Field(() => String, { nullable: true, description: 'Which scorer told its tone.' }) scorer!: string | null;
  @Field({ description: 'Whether that scorer stood in for a model that could not be loaded.' }) fallback!: boolean;
  @Field(() => Float, { description: 'Order of arrival: larger is newer.' }) position!: number;
  @Field(() => String, { nullable: true }) language!: string | null;
  @Field(() => [String]) entities!: readonly string[];
  @Field(() => Float, { nullable: true }) positive!: number | null;
  @Field(() => Float, { nullable: true }) negative!: number | null;
  @Field(() => Float, { nullable: true, description: '1 is all new, 0 was told before.' }) novelty!: number | null;
  @Field(() => ID, { nullable: true, description: 'The item this one repeats.' }) echoOf!: string | null;
  @Field(() => Int) echoes!: number;
  @Field(() => [NewsTouch]) touches!: readonly NewsTouch[];
  @Field(() => Float, { nullable: true, description: 'Place on the tape; absent when it decides nothing.' })
  seq!: number | null;
}

@ObjectType()
export class NewsPage {
  @Field(() => [NewsItem]) items!: readonly NewsItem[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType({ description: 'An item that took a side on a market, for its chart.' })
export class NewsMark {
  @Field(() => ID) id!: string;
  @Field(() => InstantScalar) at!: number;
  @Field() title!: string;
  @Field(() => Float) stance!: number;
  @Field() echo!: boolean;
}

@ObjectType()
export class NewsSource {
  @Field(() => ID) id!: string;
  @Field(() => ID) plugin!: string;
  @Field() title!: string;
  @Field() category!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'Absent for whoever only looks.' }) config!: unknown;
  @Field() enabled!: boolean;
  @Field({ description: 'off, waiting, live, failed, or ready for one that is sent to us' }) state!: string;
  @Field(() => InstantScalar, { nullable: true }) askedAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) heardAt!: number | null;
  @Field(() => Int) failures!: number;
  @Field() problem!: string;
  @Field(() => Int) received!: number;
  @Field(() => Int) repeated!: number;
  @Field(() => Int, { description: 'Stances that the price then followed.' }) hits!: number;
  @Field(() => Int) judged!: number;
  @Field(() => Int, { description: 'Of cases elsewhere it is trusted by at first, those that held.' })
  priorHits!: number;
  @Field(() => Int) priorJudged!: number;
  @Field(() => Float, { description: 'Shrunk accuracy, 0 without proof.' }) weight!: number;
}

@ObjectType()
export class NewsScorer {
  @Field() kind!: string;
  @Field() name!: string;
  @Field({ description: 'Why a fallback is used; empty when none is.' }) note!: string;
  @Field(() => Int) warmUpMs!: number;
}

@InputType()
export class NewsSourceInput {
  @Field(() => ID) id!: string;
  @Field(() => ID) plugin!: string;
  @Field() title!: string;
  @Field() category!: string;
  @Field(() => JsonScalar) config!: unknown;
  @Field() enabled!: boolean;
}

@ObjectType()
export class NewsSaved {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true, description: 'A new secret, shown this once.' }) secret!: string | null;
}

export const NewsResult = createUnionType({
  name: 'NewsResult',
  types: () => [NewsSaved, Problem] as const,
  resolveType: (value: NewsSaved | Problem) => ('id' in value ? NewsSaved : Problem),
});

@ObjectType({ description: 'What would be made of a headline.' })
export class NewsTrial {
  @Field() scorer!: string;
  @Field() note!: string;
  @Field(() => String, { nullable: true }) language!: string | null;
  @Field(() => [String]) entities!: readonly string[];
  @Field(() => Float) positive!: number;
  @Field(() => Float) negative!: number;
  @Field(() => Float) novelty!: number;
  @Field(() => String, { nullable: true, description: 'Title of the item it would repeat.' }) echoOf!: string | null;
  @Field(() => [NewsTouch]) touches!: readonly NewsTouch[];
}

export const NewsTrialResult = createUnionType({
  name: 'NewsTrialResult',
  types: () => [NewsTrial, Problem] as const,
  resolveType: (value: NewsTrial | Problem) => ('touches' in value ? NewsTrial : Problem),
});
