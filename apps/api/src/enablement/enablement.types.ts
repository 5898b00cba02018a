import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

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
