import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar, JsonScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'A market by the name people know it by.' })
export class MarketName {
  @Field(() => ID) id!: string;
  @Field() title!: string;
}

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
  @Field({ description: 'One plain sentence; names markets by their titles.' }) summary!: string;
  @Field(() => [MarketName], { description: 'Markets the entry is about.' }) markets!: readonly MarketName[];
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
  @Field(() => MarketName, { nullable: true }) market!: MarketName | null;
  @Field(() => JsonScalar) body!: unknown;
}

@ObjectType({
  description:
    'A decision both ways: the events that caused it, every journal entry of its signal, and the settlements of what it bought.',
})
export class Trace {
  @Field(() => ID) signalId!: string;
  @Field(() => ID, { nullable: true, description: 'The opportunity it was made for.' }) opportunity!: string | null;
  @Field(() => [JournalEntry]) entries!: readonly JournalEntry[];
  @Field(() => [TapeCause]) causes!: readonly TapeCause[];
}
