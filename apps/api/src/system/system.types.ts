import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../graphql/scalars.js';

@ObjectType()
export class Viewer {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field() role!: string;
}

@ObjectType()
export class Feed {
  @Field(() => ID) venue!: string;
  @Field() how!: string;
  @Field() sentence!: string;
  @Field() state!: string;
  @Field(() => Int) connections!: number;
  @Field(() => Int) markets!: number;
  @Field(() => Int) trusted!: number;
  @Field(() => Float) frames!: number;
  @Field(() => Float) framesPerS!: number;
  @Field(() => Float) events!: number;
  @Field(() => Float) unknown!: number;
  @Field(() => Float) rejected!: number;
  @Field(() => Int) gaps!: number;
  @Field(() => Int) resyncs!: number;
  @Field(() => InstantScalar, { nullable: true }) lastFrameAt!: number | null;
  @Field(() => Float, { nullable: true }) lagMs!: number | null;
  @Field(() => String, { nullable: true }) problem!: string | null;
}

@ObjectType()
export class LaneHealth {
  @Field(() => Int) lane!: number;
  @Field(() => String, { nullable: true }) owner!: string | null;
  @Field(() => Int) epoch!: number;
  @Field() state!: string;
  @Field(() => Float) seq!: number;
  @Field(() => InstantScalar, { nullable: true }) at!: number | null;
  @Field(() => Float) headSeq!: number;
  @Field(() => Float, { description: 'Age of the oldest uncommitted event; the page shows a banner when it grows.' })
  commitLagMs!: number;
  @Field() recording!: boolean;
  @Field(() => Float) eventsPerS!: number;
  @Field(() => Float) rowsPerS!: number;
  @Field(() => Float, { nullable: true }) decisionP50Us!: number | null;
  @Field(() => Float, { nullable: true }) decisionP99Us!: number | null;
  @Field(() => String, { nullable: true }) problem!: string | null;
}

@ObjectType()
export class QueueHealth {
  @Field() name!: string;
  @Field(() => Int) waiting!: number;
  @Field(() => Int) active!: number;
  @Field(() => Int) delayed!: number;
  @Field(() => Int) failed!: number;
  @Field(() => Int) completed!: number;
}

@ObjectType()
export class StorageTable {
  @Field() name!: string;
  @Field(() => Float) rows!: number;
  @Field(() => Float) bytes!: number;
}

@ObjectType()
export class Health {
  @Field(() => InstantScalar) at!: number;
  @Field(() => [LaneHealth]) lanes!: readonly LaneHealth[];
  @Field(() => [Feed]) feeds!: readonly Feed[];
  @Field(() => [QueueHealth]) queues!: readonly QueueHealth[];
  @Field(() => [StorageTable]) storage!: readonly StorageTable[];
  @Field() database!: string;
  @Field() layout!: string;
  @Field() queueBackend!: string;
  @Field() demo!: boolean;
}
