import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../graphql/scalars.js';

@ObjectType({
  description: 'What one model published under one name: columns of equal length, oldest first.',
})
export class EstimateSeries {
  @Field() model!: string;
  @Field() name!: string;
  @Field(() => [Float]) at!: readonly number[];
  @Field(() => [Float]) value!: readonly number[];
  @Field(() => [Float], {
    nullable: 'items',
    description: 'Lower end of the 95 % band; null without one.',
  })
  low!: readonly (number | null)[];
  @Field(() => [Float], { nullable: 'items' }) high!: readonly (number | null)[];
}

@ObjectType({
  description:
    'What a fair value is worth against the prices of its moment, all fees paid: columns of equal length, oldest first; null where there is no price or no fee.',
})
export class EdgeSeries {
  @Field() model!: string;
  @Field(() => [Float]) at!: readonly number[];
  @Field(() => [Float], {
    nullable: 'items',
    description: 'Of the better side, dollars per contract; may be negative.',
  })
  edge!: readonly (number | null)[];
  @Field(() => [Float], {
    nullable: 'items',
    description: 'Share of wealth, Kelly’s less the doubt about the fair value; NO below 0.',
  })
  kelly!: readonly (number | null)[];
}

@ObjectType({
  description: 'Estimates of a market and what they are worth, over one span.',
})
export class Beliefs {
  @Field(() => ID) market!: string;
  @Field(() => [EstimateSeries]) estimates!: readonly EstimateSeries[];
  @Field(() => [EdgeSeries]) edges!: readonly EdgeSeries[];
}

@ObjectType({ description: 'One number on the way from a book to a size.' })
export class WhyStep {
  @Field({
    description: 'Part it belongs to: estimate, pool, market, yes, no, regime.',
  })
  part!: string;
  @Field() label!: string;
  @Field(() => Float, { nullable: true }) value!: number | null;
  @Field({
    description: 'probability, log-odds, dollars, contracts, share, number',
  })
  unit!: string;
  @Field({
    description: 'How it was found, in words; empty when it was given.',
  })
  how!: string;
}

@ObjectType({
  description: 'The numbers of one estimate, from the book it read to the size it is worth.',
})
export class Why {
  @Field(() => ID) market!: string;
  @Field() model!: string;
  @Field() name!: string;
  @Field(() => InstantScalar) at!: number;
  @Field(() => Float, { description: 'The event that led to it.' })
  seq!: number;
  @Field(() => [WhyStep]) steps!: readonly WhyStep[];
}
