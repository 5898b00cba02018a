import { createUnionType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { InstantScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'Anything a worker executes and a person may watch: a lane, a sync, a fit.' })
export class Run {
  @Field(() => ID) id!: string;
  @Field() kind!: string;
  @Field() title!: string;
  @Field({ description: 'waiting, running, done, failed or cancelled.' }) state!: string;
  @Field(() => InstantScalar) startedAt!: number;
  @Field(() => InstantScalar, { nullable: true }) endedAt!: number | null;
  @Field(() => Float, { nullable: true, description: 'From 0 to 1.' }) progress!: number | null;
  @Field() note!: string;
  @Field(() => String, { nullable: true, description: 'Null for what no queue holds by itself, such as a lane.' })
  queue!: string | null;
  @Field(() => Int) attempts!: number;
  @Field(() => String, { nullable: true, description: 'Who asked for its end.' }) cancelBy!: string | null;
  @Field() canRetry!: boolean;
  @Field() canCancel!: boolean;
  @Field({ description: 'A lane that runs may be stopped in order and started again.' }) canRestart!: boolean;
}

@ObjectType()
export class RunLine {
  @Field(() => InstantScalar) at!: number;
  @Field({ description: 'state: a step of its timeline; log: what it said.' }) kind!: string;
  @Field() line!: string;
}

@ObjectType()
export class RunPage {
  @Field(() => [Run]) items!: readonly Run[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType({ description: 'A workflow that runs, or ran.' })
export class Session {
  @Field(() => ID) id!: string;
  @Field(() => ID) workflow!: string;
  @Field() title!: string;
  @Field(() => Int) version!: number;
  @Field(() => ID) plugin!: string;
  @Field() pluginVersion!: string;
  @Field() mode!: string;
  @Field({ description: 'running, paused or ended.' }) state!: string;
  @Field() reason!: string;
  @Field(() => InstantScalar) startedAt!: number;
  @Field(() => Int) signals!: number;
  @Field(() => Int) denials!: number;
  @Field(() => Int) fills!: number;
}

@ObjectType()
export class SessionPage {
  @Field(() => [Session]) items!: readonly Session[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType({ description: 'A job that happens by the clock.' })
export class Schedule {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field(() => String, { nullable: true }) venue!: string | null;
  @Field() queue!: string;
  @Field(() => Float) everyMs!: number;
  @Field(() => InstantScalar) nextAt!: number;
}

@ObjectType()
export class RunAsked {
  @Field(() => ID) run!: string;
}

export const RunAnswer = createUnionType({
  name: 'RunAnswer',
  types: () => [RunAsked, Problem] as const,
  resolveType: (value: RunAsked | Problem) => ('run' in value ? RunAsked : Problem),
});
