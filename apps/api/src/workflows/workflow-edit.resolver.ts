import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { answered, Problem } from '../graphql/problem.types.js';
import { JsonScalar } from '../graphql/scalars.js';
import { WorkflowEditService } from './workflow-edit.service.js';
import {
  Change,
  ScopePreview,
  WorkflowInput,
  WorkflowSaved,
  WorkflowSaveResult,
  WorkflowScopeInput,
  WorkflowUpgrade,
  WorkflowVersion,
} from './workflow-edit.types.js';

type Result = Promise<WorkflowSaved | Problem>;

@Resolver()
export class WorkflowEditResolver {
  constructor(private readonly edits: WorkflowEditService) {}

  @Query(() => [WorkflowVersion], { description: 'Newest first.' })
  workflowVersions(@Args('id', { type: () => ID }) id: string): Promise<readonly WorkflowVersion[]> {
    return this.edits.versions(id);
  }

  @Query(() => [Change])
  workflowDiff(
    @Args('id', { type: () => ID }) id: string,
    @Args('a', { type: () => Int }) a: number,
    @Args('b', { type: () => Int }) b: number,
  ): Promise<readonly Change[]> {
    return this.edits.diff(id, a, b);
  }

  @Query(() => WorkflowUpgrade)
  workflowUpgrade(@Args('id', { type: () => ID }) id: string): Promise<WorkflowUpgrade> {
    return this.edits.upgrade(id);
  }

  @Query(() => JsonScalar, { description: 'A workflow as a file that `importWorkflow` takes.' })
  exportWorkflow(
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int, nullable: true }) version?: number | null,
  ): Promise<object> {
    return this.edits.export(id, version ?? null);
  }

  @Query(() => ScopePreview, { description: 'What a scope holds now.' })
  scopePreview(@Args('scope') scope: WorkflowScopeInput): Promise<ScopePreview> {
    return this.edits.preview(scope);
  }

  @Mutation(() => WorkflowSaveResult)
  saveWorkflow(@Context() { viewer }: ApiContext, @Args('input') input: WorkflowInput): Result {
    return answered(() => this.edits.save(viewer, input));
  }

  @Mutation(() => WorkflowSaveResult, { description: 'A copy that is off.' })
  cloneWorkflow(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('title', { type: () => String, nullable: true }) title?: string | null,
  ): Result {
    return answered(() => this.edits.clone(viewer, id, title ?? null));
  }

  @Mutation(() => WorkflowSaveResult, { description: 'Ends its session; its versions stay and can be restored.' })
  archiveWorkflow(@Context() { viewer }: ApiContext, @Args('id', { type: () => ID }) id: string): Result {
    return answered(() => this.edits.archive(viewer, id));
  }

  @Mutation(() => WorkflowSaveResult, {
    description: 'Saves an old version as a new one; out of the archive it is off.',
  })
  restoreWorkflow(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('version', { type: () => Int }) version: number,
  ): Result {
    return answered(() => this.edits.restore(viewer, id, version));
  }

  @Mutation(() => WorkflowSaveResult, { description: 'Makes a new workflow, off, of an exported one.' })
  importWorkflow(
    @Context() { viewer }: ApiContext,
    @Args('document', { type: () => JsonScalar }) document: unknown,
    @Args('account', { type: () => ID }) account: string,
  ): Result {
    return answered(() => this.edits.import(viewer, document, account));
  }
}
