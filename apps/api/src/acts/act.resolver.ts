import { Args, Context, Float, ID, Mutation, Resolver } from '@nestjs/graphql';
import type { ApiContext } from '../graphql/context.js';
import { ActDone, ActResult, answered, Problem } from '../graphql/problem.types.js';
import { JsonScalar, MicrosScalar } from '../graphql/scalars.js';
import { Done, DoneResult } from '../notices/notice.types.js';
import { ActService } from './act.service.js';

type Result = Promise<ActDone | Problem>;

const answer = (act: () => Promise<number>): Result => answered(async () => ({ seq: await act() }));

@Resolver()
export class ActResolver {
  constructor(private readonly acts: ActService) {}

  @Mutation(() => ActResult)
  setWorkflowMode(
    @Context() { viewer }: ApiContext,
    @Args('workflow', { type: () => ID }) workflow: string,
    @Args('mode') mode: string,
  ): Result {
    return answer(async () => this.acts.setWorkflowMode(viewer, workflow, mode));
  }

  @Mutation(() => ActResult)
  resumeWorkflow(@Context() { viewer }: ApiContext, @Args('workflow', { type: () => ID }) workflow: string): Result {
    return answer(() => this.acts.resumeWorkflow(viewer, workflow));
  }

  @Mutation(() => ActResult, {
    description: 'Whole profile; every limit is required and named in the problem when it is wrong.',
  })
  saveRiskProfile(
    @Context() { viewer }: ApiContext,
    @Args('account', { type: () => ID }) account: string,
    @Args('limits', { type: () => JsonScalar }) limits: unknown,
  ): Result {
    return answer(() => this.acts.saveRiskProfile(viewer, account, limits));
  }

  @Mutation(() => DoneResult, {
    description: 'A further paper account; its limits are those every account begins with.',
  })
  async openAccount(
    @Context() { viewer }: ApiContext,
    @Args('title') title: string,
    @Args('openingCash', { type: () => MicrosScalar }) openingCash: number,
  ): Promise<Done | Problem> {
    return answered(async () => ({ id: await this.acts.openAccount(viewer, title, openingCash) }));
  }

  @Mutation(() => ActResult, {
    description: 'Paper money: positive is paid in, negative taken out, at most what is free. It counts as no profit.',
  })
  moveCash(
    @Context() { viewer }: ApiContext,
    @Args('account', { type: () => ID }) account: string,
    @Args('amount', { type: () => MicrosScalar }) amount: number,
  ): Result {
    return answer(() => this.acts.moveCash(viewer, account, amount));
  }

  @Mutation(() => ActResult)
  setKillSwitch(
    @Context() { viewer }: ApiContext,
    @Args('on') on: boolean,
    @Args('reason') reason: string,
    @Args('account', { type: () => ID, nullable: true }) account?: string | null,
  ): Result {
    return answer(() => this.acts.setKillSwitch(viewer, on, account ?? null, reason));
  }

  @Mutation(() => ActResult)
  resetHalt(@Context() { viewer }: ApiContext, @Args('account', { type: () => ID }) account: string): Result {
    return answer(() => this.acts.resetHalt(viewer, account));
  }

  @Mutation(() => ActResult)
  saveLink(
    @Context() { viewer }: ApiContext,
    @Args('a', { type: () => ID }) a: string,
    @Args('b', { type: () => ID }) b: string,
    @Args('polarity') polarity: string,
    @Args('state') state: string,
    @Args('differences', { type: () => [String] }) differences: string[],
    @Args('id', { type: () => ID, nullable: true }) id?: string | null,
    @Args('mismatch', { type: () => Float, nullable: true }) mismatch?: number | null,
  ): Result {
    return answer(() =>
      this.acts.saveLink(viewer, { id: id ?? null, a, b, polarity, state, mismatch: mismatch ?? null, differences }),
    );
  }
}
