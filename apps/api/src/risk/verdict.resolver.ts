import { Args, Query, Resolver } from '@nestjs/graphql';
import { answered, Problem } from '../graphql/problem.types.js';
import { OrderQuestionInput, OrderVerdict, OrderVerdictResult } from './verdict.types.js';
import { VerdictService } from './verdict.service.js';

@Resolver()
export class VerdictResolver {
  constructor(private readonly verdicts: VerdictService) {}

  @Query(() => OrderVerdictResult, {
    description:
      'What an order would be told: asked of the gate itself, on its live state. Reserves and writes nothing.',
  })
  async orderVerdict(@Args('order') order: OrderQuestionInput): Promise<OrderVerdict | Problem> {
    return answered(() => this.verdicts.ask(order));
  }
}
