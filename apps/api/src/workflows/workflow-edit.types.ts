import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { InstantScalar, JsonScalar } from '../graphql/scalars.js';

@InputType({ description: 'Empty lists mean all. A market is within the scope when every part holds.' })
export class WorkflowScopeInput {
  @Field(() => [ID], { defaultValue: [] }) venues!: string[];
  @Field(() => [String], { defaultValue: [] }) categories!: string[];
  @Field(() => [ID], { defaultValue: [] }) groups!: string[];
  @Field(() => [ID], { defaultValue: [] }) markets!: string[];
  @Field(() => [ID], { defaultValue: [] }) links!: string[];
  @Field({ defaultValue: '' }) text!: string;
}

@InputType()
export class WorkflowInput {
  @Field(() => ID, { nullable: true, description: 'Absent makes a new workflow.' }) id?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The version this edit began from; refused when it is not the newest.',
  })
  baseVersion?: number | null;
  @Field() title!: string;
  @Field(() => ID) plugin!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'Settings of the plugin; what is missing has its default.' })
  config?: unknown;
  @Field(() => WorkflowScopeInput, { nullable: true }) scope?: WorkflowScopeInput | null;
  @Field(() => ID) account!: string;
  @Field({ description: 'off, shadow or paper.' }) mode!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'Limits tighter than the account’s.' }) limits?: unknown;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Config by model id; models the plugin needs come by themselves.',
  })
  models?: unknown;
}

@ObjectType()
export class WorkflowSaved {
  @Field(() => ID) id!: string;
  @Field(() => Int) version!: number;
  @Field(() => Float, { description: 'Place of the act on the tape: it is committed.' }) seq!: number;
}

export const WorkflowSaveResult = createUnionType({
  name: 'WorkflowSaveResult',
  types: () => [WorkflowSaved, Problem] as const,
  resolveType: (value: WorkflowSaved | Problem) => ('seq' in value ? WorkflowSaved : Problem),
});

@ObjectType({ description: 'A workflow as it was saved once.' })
export class WorkflowVersion {
  @Field(() => ID) workflow!: string;
  @Field(() => Int) version!: number;
  @Field(() => InstantScalar) at!: number;
  @Field({ description: 'Who saved it; empty when nobody noted it.' }) by!: string;
  @Field(() => Float) seq!: number;
  @Field() title!: string;
  @Field(() => ID) plugin!: string;
  @Field() pluginVersion!: string;
  @Field() mode!: string;
  @Field(() => ID) account!: string;
  @Field(() => JsonScalar) config!: unknown;
  @Field(() => JsonScalar) scope!: unknown;
  @Field(() => JsonScalar) limits!: unknown;
  @Field(() => JsonScalar) models!: unknown;
}

@ObjectType({ description: 'One difference between two versions; a side is null where the value is absent.' })
export class Change {
  @Field({ description: 'JSON pointer within the workflow.' }) path!: string;
  @Field(() => JsonScalar, { nullable: true }) before!: unknown;
  @Field(() => JsonScalar, { nullable: true }) after!: unknown;
}

@ObjectType({
  description: 'What saving a workflow for the plugin version that is here would make of it. Nothing is saved.',
})
export class WorkflowUpgrade {
  @Field() from!: string;
  @Field() to!: string;
  @Field(() => [Change]) changes!: readonly Change[];
  @Field(() => Problem, { nullable: true, description: 'Why it cannot be brought over.' }) problem!: Problem | null;
}

@ObjectType()
export class ScopePreview {
  @Field(() => Int) markets!: number;
  @Field(() => Int) groups!: number;
  @Field(() => Int, { description: 'Reviewed links.' }) links!: number;
  @Field(() => [String], { description: 'Titles of the first ten markets.' }) titles!: readonly string[];
}
