import { UserProblem, withTitles, type Action, type FieldProblem, type Outcome } from '#core';
import { accountLook, createQuestions, marketTitles, type LaneQuestions } from '#data';
import type { OrderQuestion, OrderVerdict as Answer } from '#engine';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { OrderQuestionInput, OrderVerdict } from './verdict.types.js';

/** How long a person waits for the worker. */
const PATIENCE_MS = 5_000;
const MOST_LEGS = 20;

/** Takes questions about an order to the lane that holds its account, and its answer back in words. */
@Injectable()
export class VerdictService {
  readonly #questions: LaneQuestions;

  constructor(private readonly house: House) {
    this.#questions = createQuestions(house.pool, house.bus, house.now);
  }

  async ask(input: OrderQuestionInput): Promise<OrderVerdict> {
    const problems: FieldProblem[] = [];
    const complain = (path: string, message: string): unknown => problems.push({ path, message });
    if (input.legs.length === 0 || input.legs.length > MOST_LEGS)
      complain('/legs', `An order has 1 to ${MOST_LEGS} legs.`);
    input.legs.forEach(({ outcome, action }, index) => {
      if (outcome !== 'yes' && outcome !== 'no') complain(`/legs/${index}/outcome`, 'An outcome is yes or no.');
      if (action !== 'buy' && action !== 'sell') complain(`/legs/${index}/action`, 'An action is buy or sell.');
    });
    const { as } = input;
    if (as !== 'opening' && as !== 'hedge') complain('/as', 'A leg is asked about as opening or as hedge.');
    const account = await accountLook(this.house.pool, input.account);
    if (!account) complain('/account', `There is no account ${input.account}.`);
    if (problems.length > 0 || !account) throw new UserProblem('The order makes no sense yet.', problems);
    const question: OrderQuestion = {
      account: input.account,
      workflow: input.workflow ?? null,
      legs: input.legs.map(({ market, outcome, action, size, limit }) => {
        return { market, outcome: outcome as Outcome, action: action as Action, size, limit };
      }),
      as: as as OrderQuestion['as'],
    };
    const answer = (await this.#questions.ask(account.lane, { kind: 'verdict', question }, PATIENCE_MS)) as Answer;
    const ids = answer.legs.map(({ market }) => market);
    const titles = await marketTitles(this.house.pool, ids);
    const title = (market: string): string => titles.get(market)?.title ?? market;
    return {
      ...answer,
      rules: answer.rules.map((rule) => ({ ...rule, message: withTitles(rule.message, ids, title) })),
      legs: answer.legs.map((leg) => ({ ...leg, title: title(leg.market), best: leg.best < 0 ? null : leg.best })),
    };
  }
}
