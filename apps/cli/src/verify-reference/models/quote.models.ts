import { Type, type Static } from 'typebox';
import {
  devig,
  imbalance,
  logit,
  logSigmoid,
  logSumExp,
  microprice,
  mid,
  overround,
  sigmoid,
  softplus,
  spread,
  type DevigMethod,
} from '#quant';
import { referenceModel } from '../reference-model.js';
import { numberOrGap, orNothing } from './case-input.js';

const top = Type.Object({ bid: numberOrGap, ask: numberOrGap, bidSize: Type.Number(), askSize: Type.Number() });
const points = Type.Object({ x: Type.Array(Type.Number()) });

export const quoteModels = {
  book: referenceModel({
    title: 'top-of-book transforms and stable logistic functions',
    input: Type.Union([top, points]),
    run: (input) => ('x' in input ? logistic(input) : topOfBook(input)),
  }),
  devig: referenceModel({
    title: 'margin removal for exclusive outcomes',
    input: Type.Object({ prices: Type.Array(Type.Number(), { minItems: 2 }) }),
    run({ prices }) {
      const by = (method: DevigMethod) => devig(prices, method);
      const [power, shin, shift] = [by('power'), by('shin'), by('logit-shift')];
      return {
        overround: overround(prices),
        multiplicative: by('multiplicative').probabilities,
        additive: by('additive').probabilities,
        power: { k: power.parameter, p: power.probabilities },
        shin: { z: shin.parameter, p: shin.probabilities },
        logitShift: { c: shift.parameter, p: shift.probabilities },
      };
    },
  }),
};

function topOfBook({ bidSize, askSize, ...sides }: Static<typeof top>) {
  const bid = sides.bid ?? NaN;
  const ask = sides.ask ?? NaN;
  const micro = microprice(bid, ask, bidSize, askSize);
  return {
    mid: orNothing(mid(bid, ask)),
    spread: orNothing(spread(bid, ask)),
    microprice: orNothing(micro),
    imbalance: orNothing(imbalance(bidSize, askSize)),
    logitMid: orNothing(logit(mid(bid, ask))),
    logitMicro: orNothing(logit(micro)),
    logitSpread: orNothing(logit(ask) - logit(bid)),
    noBid: orNothing(1 - ask),
    noAsk: orNothing(1 - bid),
  };
}

const logistic = ({ x }: Static<typeof points>) => ({
  sigmoid: x.map(sigmoid),
  logSigmoid: x.map(logSigmoid),
  softplus: x.map(softplus),
  logsumexpAll: logSumExp(x),
});
