import { accountingModels } from './models/accounting.models.js';
import { arbitrageModels } from './models/arbitrage.models.js';
import { evaluationModels } from './models/evaluation.models.js';
import { betaModels } from './models/beta.models.js';
import { feeModels } from './models/fee.models.js';
import { hmmModels } from './models/hmm.models.js';
import { kalmanModels } from './models/kalman.models.js';
import { newsModels } from './models/news.models.js';
import { quoteModels } from './models/quote.models.js';
import { sizingModels } from './models/sizing.models.js';
import { UserProblem } from '#core';
import type { ReferenceModel } from './reference-model.js';

/** Every model by its short name, one family of models a line. */
export const MODELS: Readonly<Record<string, ReferenceModel>> = {
  ...feeModels,
  ...arbitrageModels,
  ...accountingModels,
  ...hmmModels,
  ...quoteModels,
  ...sizingModels,
  ...kalmanModels,
  ...evaluationModels,
  ...betaModels,
  ...newsModels,
};

/**
 * The model a file means: its `model` is a short name, or its `name` is one and `model` says that model's title.
 *
 * @throws UserProblem when either is unknown: numbers nobody can answer are a failure, never a silence.
 */
export function modelOf({ name, model }: { readonly name: string; readonly model: string }): ReferenceModel {
  if (Object.hasOwn(MODELS, model)) return MODELS[model];
  const known = Object.keys(MODELS).toSorted().join(', ');
  if (!Object.hasOwn(MODELS, name))
    throw new UserProblem(
      `there is no model ${JSON.stringify(name)}, nor ${JSON.stringify(model)}; there are ${known}`,
    );
  if (MODELS[name].title !== model)
    throw new UserProblem(
      `there is no model ${JSON.stringify(model)}: with the name ${name} it is ${JSON.stringify(MODELS[name].title)}, or just ${name}`,
    );
  return MODELS[name];
}
