import { createUnionType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { InstantScalar, JsonScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'Which committed journal entries are told to the outside, and by what notifier.' })
export class NoticeRule {
  @Field(() => ID) id!: string;
  @Field() title!: string;
  @Field(() => ID, { nullable: true, description: 'Null is every workflow, and the house itself.' })
  workflow!: string | null;
  @Field(() => [String], { description: 'Kinds of journal entries.' }) kinds!: readonly string[];
  @Field(() => ID) notifier!: string;
  @Field({ description: 'Version of the notifier that the config was checked by.' }) notifierVersion!: string;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Secrets are named in it, never held. Null for who only looks.',
  })
  config!: unknown;
  @Field() active!: boolean;
  @Field(() => InstantScalar, { description: 'Entries of an earlier moment are not told.' }) since!: number;
  @Field(() => InstantScalar) at!: number;
  @Field({ description: 'Who saved it last.' }) by!: string;
  @Field(() => Int) waiting!: number;
  @Field(() => Int) delivered!: number;
  @Field(() => Int) failed!: number;
}

@InputType()
export class NoticeRuleInput {
  @Field(() => ID, { nullable: true, description: 'Null makes a new one.' }) id?: string | null;
  @Field() title!: string;
  @Field(() => ID, { nullable: true }) workflow?: string | null;
  @Field(() => [String]) kinds!: string[];
  @Field(() => ID) notifier!: string;
  @Field(() => JsonScalar) config!: unknown;
  @Field() active!: boolean;
}

@ObjectType({ description: 'One notice of one journal entry by one rule; kept for a week, failed ones for a month.' })
export class Delivery {
  @Field(() => ID, { description: 'Sent along, so that who receives it twice can tell.' }) id!: string;
  @Field(() => ID) rule!: string;
  @Field({ description: 'Of the journal entry; “test” is a test that a person asked for.' }) kind!: string;
  @Field(() => ID) workflow!: string;
  @Field() sentence!: string;
  @Field(() => InstantScalar, { description: 'Of the journal entry.' }) at!: number;
  @Field({ description: 'waiting, delivered or failed.' }) state!: string;
  @Field(() => Int, { description: 'Since it was made or sent again.' }) attempts!: number;
  @Field(() => InstantScalar, { nullable: true, description: 'When it is tried next, while it waits.' })
  dueAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) triedAt!: number | null;
  @Field({ description: 'What the last attempt came to.' }) answer!: string;
  @Field(() => InstantScalar) madeAt!: number;
}

@ObjectType()
export class DeliveryPage {
  @Field(() => [Delivery]) items!: readonly Delivery[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType({ description: 'That there is a secret of this name. What it says is sealed and never leaves the server.' })
export class StoredSecret {
  @Field(() => ID) name!: string;
  @Field(() => InstantScalar) at!: number;
  @Field() by!: string;
}

@ObjectType({ description: 'It was done to the thing of this id.' })
export class Done {
  @Field(() => ID) id!: string;
}

export const DoneResult = createUnionType({
  name: 'DoneResult',
  types: () => [Done, Problem] as const,
  resolveType: (value: Done | Problem) => ('message' in value ? Problem : Done),
});
