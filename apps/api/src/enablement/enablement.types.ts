import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../graphql/scalars.js';
import { changesOf } from '../live/changes.types.js';

@InputType({ description: 'A point of the tree venue → category → group → market.' })
export class EnablementScopeInput {
  @Field({ description: 'venue, category, group or market.' }) kind!: string;
  @Field(() => ID) id!: string;
}

@ObjectType({ description: 'What the settings allow a plugin at one market. A workflow’s own mode may lower it.' })
export class EnablementRow {
  @Field(() => ID) market!: string;
  @Field() title!: string;
  @Field(() => ID) venue!: string;
  @Field() category!: string;
  @Field(() => ID, { nullable: true }) group!: string | null;
  @Field({ description: 'What it would be without a setting of its own.' }) inherited!: string;
  @Field(() => String, { nullable: true, description: 'Set at this very market.' }) own!: string | null;
  @Field() effective!: string;
  @Field({ description: 'Where the effective mode comes from: market, group, category, venue or default.' })
  from!: string;
}

@ObjectType()
export class EnablementPage {
  @Field(() => [EnablementRow]) items!: readonly EnablementRow[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
  @Field(() => Int) total!: number;
}

@ObjectType({ description: 'What the settings allow a plugin at a place.' })
export class EnablementCell {
  @Field(() => ID) plugin!: string;
  @Field(() => String, { nullable: true, description: 'Set at this very place.' }) own!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What it would be without a setting of its own; null when its markets differ.',
  })
  inherited!: string | null;
  @Field(() => String, { nullable: true, description: 'Null when nothing is set here and its markets differ.' })
  effective!: string | null;
  @Field({ description: 'Where the mode comes from: market, group, category, venue, default or several.' })
  from!: string;
  @Field({ description: 'Who set it; empty for the default.' }) by!: string;
  @Field(() => InstantScalar, { nullable: true }) at!: number | null;
}

@ObjectType({ description: 'A point of the tree venue → category → group → market that holds a market.' })
export class EnablementPlace {
  @Field({ description: 'venue, category, group or market.' }) kind!: string;
  @Field(() => ID) id!: string;
  @Field() title!: string;
  @Field(() => Int) markets!: number;
  @Field(() => ID, { nullable: true, description: 'Null for a category of several venues.' }) venue!: string | null;
  @Field(() => String, { nullable: true }) category!: string | null;
  @Field(() => ID, { nullable: true }) group!: string | null;
  @Field(() => [EnablementCell], { description: 'One per plugin that was asked for, in that order.' })
  cells!: readonly EnablementCell[];
}

@ObjectType()
export class EnablementPlacePage {
  @Field(() => [EnablementPlace]) items!: readonly EnablementPlace[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
  @Field(() => Int) total!: number;
}

@ObjectType({ description: 'A mode set at a place.' })
export class EnablementSetting {
  @Field(() => ID) plugin!: string;
  @Field({ description: 'venue, category, group or market.' }) kind!: string;
  @Field(() => ID) id!: string;
  @Field() mode!: string;
  @Field(() => InstantScalar) at!: number;
  @Field() by!: string;
}

@ObjectType()
export class EnablementChanges extends changesOf(EnablementSetting) {}
