import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar, JsonScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'One line of the journal. `body` is the whole entry.' })
export class JournalEntry {
  @Field(() => ID) id!: string;
  @Field(() => Int) lane!: number;
  @Field(() => Float) seq!: number;
  @Field(() => Int) ordinal!: number;
  @Field(() => InstantScalar) at!: number;
  @Field() kind!: string;
  @Field() workflow!: string;
  @Field() account!: string;
  @Field() session!: string;
  @Field() summary!: string;
  @Field(() => JsonScalar) body!: unknown;
}

@ObjectType()
export class JournalPage {
  @Field(() => [JournalEntry]) items!: readonly JournalEntry[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType({ description: 'A tape event that caused a journal entry.' })
export class TapeCause {
  @Field(() => Float) seq!: number;
  @Field(() => InstantScalar) at!: number;
  @Field() kind!: string;
  @Field() summary!: string;
  @Field(() => JsonScalar) body!: unknown;
}

@ObjectType({
  description: 'From decision back to the frames: every journal entry of one signal and the events that caused it.',
})
export class Trace {
  @Field(() => ID) signalId!: string;
  @Field(() => [JournalEntry]) entries!: readonly JournalEntry[];
  @Field(() => [TapeCause]) causes!: readonly TapeCause[];
}
