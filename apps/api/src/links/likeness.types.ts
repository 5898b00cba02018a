import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Link } from '../markets/market.types.js';

@ObjectType({
  description: 'Something that two markets do not have in common. Found by rules over words: never all there is.',
})
export class LinkDifference {
  @Field({
    description:
      'Of the questions: threshold, bound, unit, time, name, words, opposite; of what else is stated: strike, closes, pays, rules-numbers, rules-times.',
  })
  kind!: string;
  @Field({ description: 'As it stands the two ask different things; else a person must see whether it matters.' })
  breaks!: boolean;
  @Field({ description: 'What only the first says; empty where it says nothing of the kind.' }) a!: string;
  @Field() b!: string;
}

@ObjectType({ description: 'How alike two questions are. It links nothing: a person reads both rules and decides.' })
export class LinkLikeness {
  @Field(() => Float, { description: '0…1, an order of what to look at first, no probability.' }) score!: number;
  @Field(() => [String], { description: 'What both ask about, the rarest first.' }) shared!: readonly string[];
  @Field({ description: '`inverse` when YES of one looks like NO of the other.' }) polarity!: string;
  @Field(() => [LinkDifference]) differences!: readonly LinkDifference[];
}

/** `market` is an id here; the market behind it is resolved on demand, many at a time. */
@ObjectType()
export class LinkCandidate {
  marketId!: string;
  @Field(() => LinkLikeness) likeness!: LinkLikeness;
  @Field(() => Link, { nullable: true, description: 'What was already said of the two.' }) link!: Link | null;
}

@ObjectType()
export class LinkSuggestion {
  @Field(() => ID) id!: string;
  aId!: string;
  bId!: string;
  @Field(() => LinkLikeness) likeness!: LinkLikeness;
}

@ObjectType({ description: 'Pairs no one has linked or rejected, each the other’s likest, the likest first.' })
export class LinkSuggestions {
  @Field(() => [LinkSuggestion]) items!: readonly LinkSuggestion[];
  @Field(() => Int, { description: 'Open markets without a link that were looked at, those that close soonest.' })
  looked!: number;
  @Field(() => Int, { description: 'How many there are.' }) of!: number;
}
