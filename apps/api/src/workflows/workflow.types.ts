import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../graphql/scalars.js';

@ObjectType()
export class Workflow {
  @Field(() => ID) id!: string;
  @Field(() => Int) version!: number;
  @Field() title!: string;
  @Field(() => ID) plugin!: string;
  @Field() pluginVersion!: string;
  @Field() pluginTitle!: string;
  @Field(() => String, { description: 'What its plugin’s scope selects: markets, links or groups.' })
  scopeKind!: string;
  @Field(() => ID) account!: string;
  @Field() mode!: string;
  @Field(() => JsonScalar) config!: unknown;
  @Field(() => JsonScalar) scope!: unknown;
  @Field(() => JsonScalar, { description: 'Limits tighter than the account’s.' }) limits!: unknown;
  @Field(() => JsonScalar) models!: unknown;
  @Field({ description: 'Resting in the archive: it has no session until a version is restored.' }) archived!: boolean;
  @Field(() => ID, { nullable: true }) session!: string | null;
  @Field() state!: string;
  @Field() stateReason!: string;
  @Field(() => Int) signals!: number;
  @Field(() => Int) denials!: number;
  @Field(() => Int) fills!: number;
}
