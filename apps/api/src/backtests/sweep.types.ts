import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { InstantScalar, JsonScalar, MicrosScalar } from '../graphql/scalars.js';
import { changesOf } from '../live/changes.types.js';
import { BacktestInput } from './backtest.types.js';

@InputType({ description: 'A backtest, many times over: with sets of settings, in windows of training and test.' })
export class SweepInput {
  @Field(() => BacktestInput) backtest!: BacktestInput;
  @Field(() => JsonScalar, {
    description:
      'axes (path of a setting, with from, to and count, or values; the plugin’s own range without), search (grid, random), draws, goal (sharpe, profit), windows, trainRatio, purgeMinutes, embargoMinutes, anchored.',
  })
  sweep!: unknown;
}

@ObjectType()
export class SweepWindow {
  @Field(() => InstantScalar) trainFrom!: number;
  @Field(() => InstantScalar) trainTo!: number;
  @Field(() => InstantScalar) testFrom!: number;
  @Field(() => InstantScalar) testTo!: number;
}

@ObjectType()
export class Sweep {
  @Field(() => ID) id!: string;
  @Field() title!: string;
  @Field(() => ID) workflow!: string;
  @Field() plugin!: string;
  @Field({ description: 'running, done or cancelled.' }) state!: string;
  @Field() askedBy!: string;
  @Field(() => InstantScalar) askedAt!: number;
  @Field(() => InstantScalar, { nullable: true }) endedAt!: number | null;
  @Field(() => Int, { description: 'Backtests of it.' }) runs!: number;
  @Field(() => Int, { description: 'Backtests that are over, whatever came of them.' }) over!: number;
  @Field(() => Int, { description: 'Backtests that failed or were refused.' }) failed!: number;
  @Field(() => Float, { nullable: true, description: 'At the pace since it was begun or gone on with.' })
  leftMs!: number | null;
  @Field(() => JsonScalar, { description: 'The form as it was sent.' }) asked!: unknown;
  @Field({ description: 'sharpe or profit: what training chooses by.' }) goal!: string;
  @Field(() => [String], { description: 'Paths of the settings that vary.' }) axes!: readonly string[];
}

@ObjectType({ description: 'One backtest of a sweep.' })
export class SweepCell {
  @Field(() => ID) backtest!: string;
  @Field(() => Int) set!: number;
  @Field(() => Int) window!: number;
  @Field({ description: 'train or test.' }) part!: string;
  @Field() state!: string;
  @Field() note!: string;
  @Field(() => MicrosScalar, { nullable: true }) profit!: number | null;
  @Field(() => Float, { nullable: true }) drawdown!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of one period, not of a year.' }) sharpe!: number | null;
  @Field(() => Int, { nullable: true }) trades!: number | null;
}

@ObjectType({ description: 'The set that a window’s training chose, and what it was worth afterwards.' })
export class SweepChoice {
  @Field(() => Int) window!: number;
  @Field(() => Int) set!: number;
  @Field(() => ID, { description: 'The backtest of its test.' }) test!: string;
  @Field(() => MicrosScalar) trainProfit!: number;
  @Field(() => Float, { nullable: true }) trainSharpe!: number | null;
  @Field(() => MicrosScalar, { nullable: true }) testProfit!: number | null;
  @Field(() => Float, { nullable: true }) testSharpe!: number | null;
  @Field(() => Float, { nullable: true, description: 'Deflated Sharpe ratio of the training, a probability.' })
  deflated!: number | null;
  @Field(() => Int) tried!: number;
}

@ObjectType()
export class SweepPoint {
  @Field(() => InstantScalar) at!: number;
  @Field(() => MicrosScalar) equity!: number;
}

@ObjectType({
  description: 'The chosen sets’ tests one after the other: what a person who followed them would have seen.',
})
export class SweepOutOfSample {
  @Field(() => MicrosScalar) profit!: number;
  @Field(() => Float) drawdown!: number;
  @Field({ description: 'Of the returns: day, hour, minute or second.' }) period!: string;
  @Field(() => Int) periods!: number;
  @Field(() => Float, { nullable: true, description: 'Of one period, not of a year.' }) sharpe!: number | null;
  @Field(() => Float, { nullable: true, description: 'Probability that the true Sharpe ratio is above 0.' })
  psr!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Probability that it is above what the best of all trainings shows by chance.',
  })
  deflated!: number | null;
  @Field(() => Int, { description: 'Trainings that count as tries.' }) tried!: number;
  @Field(() => [SweepPoint]) curve!: readonly SweepPoint[];
}

@ObjectType()
export class SweepChanges extends changesOf(Sweep) {}

@ObjectType()
export class SweepWhole {
  @Field(() => Sweep) sweep!: Sweep;
  @Field(() => SweepOutOfSample, { nullable: true, description: 'Null until the test of a choice is done.' })
  outOfSample!: SweepOutOfSample | null;
  @Field(() => [SweepChoice]) choices!: readonly SweepChoice[];
  @Field(() => [SweepWindow]) windows!: readonly SweepWindow[];
  @Field(() => JsonScalar, { description: 'A list of sets: the value of every varied setting by its path.' })
  sets!: unknown;
  @Field(() => [SweepCell]) cells!: readonly SweepCell[];
}

@ObjectType()
export class SweepSaved {
  @Field(() => ID) id!: string;
}

export const SweepResult = createUnionType({
  name: 'SweepResult',
  types: () => [SweepSaved, Problem] as const,
  resolveType: (value: object) => ('message' in value ? Problem : SweepSaved),
});
