import { Type } from 'typebox';
import {
  betaCdf,
  betaEntropy,
  betaLogPdf,
  betaMean,
  betaQuantile,
  betaSf,
  betaVariance,
  forgetBelief,
  hearPrice,
  openBetaBelief,
  type BetaSettings,
} from '#quant';
import { referenceModel } from '../reference-model.js';
import { maybe, numberOrGap, series } from './case-input.js';

/** Quantiles this small are beyond what the reference itself can tell. */
const UNTOLD = 1e-280;
/** What a moment may differ by where the file says nothing: the rounding of a few operations. */
const ROUNDING = { abs: 1e-12, rel: 1e-12 };

const settings = Type.Object({
  priorMean: Type.Number(),
  priorStrength: Type.Number(),
  halfLife: maybe(Type.Number()),
  volumeScale: Type.Number(),
  weight: Type.Union([Type.Literal('linear'), Type.Literal('log'), Type.Literal('sqrt')]),
  noise: Type.Number(),
  maxWeight: maybe(Type.Number()),
  maxStrength: maybe(Type.Number()),
});

export const betaModels = {
  beta: referenceModel({
    title: 'Beta(alpha,beta): quantile, cdf, sf, logpdf, moments',
    input: Type.Object({
      alpha: Type.Number(),
      beta: Type.Number(),
      p: Type.Array(Type.Number()),
      x: Type.Array(Type.Number()),
    }),
    families: { sf: 'cdf', interval90: 'quantile', interval95: 'quantile' },
    // The reference integrates it numerically, to two digits where the density has poles; no tolerance is given for it.
    ungraded: ['entropy'],
    rule({ name, want }) {
      if (name === 'quantile' && typeof want === 'number' && want < UNTOLD) return 'ungraded';
      return name === 'mean' || name === 'var' ? ROUNDING : undefined;
    },
    run({ alpha, beta, p, x }) {
      const quantile = (at: number): number => betaQuantile(at, alpha, beta);
      return {
        mean: betaMean(alpha, beta),
        var: betaVariance(alpha, beta),
        quantile: p.map(quantile),
        cdf: x.map((at) => betaCdf(at, alpha, beta)),
        sf: x.map((at) => betaSf(at, alpha, beta)),
        logpdf: x.map((at) => betaLogPdf(at, alpha, beta)),
        interval90: [0.05, 0.95].map(quantile),
        interval95: [0.025, 0.975].map(quantile),
        entropy: betaEntropy(alpha, beta),
      };
    },
  }),
  'beta-update': referenceModel({
    title: 'Beta-Bernoulli fair value with volume-scaled forgotten pseudo-counts (math.md section 4)',
    input: Type.Object({
      t: Type.Array(Type.Number()),
      price: series,
      volume: series,
      params: settings,
      edgePrice: numberOrGap,
    }),
    families: { lo95: 'quantile', hi95: 'quantile' },
    run({ t, price, volume, params, edgePrice }) {
      const own: BetaSettings = {
        ...params,
        halfLife: params.halfLife ?? Infinity,
        maxWeight: params.maxWeight ?? Infinity,
        maxStrength: params.maxStrength ?? Infinity,
      };
      const belief = openBetaBelief(own);
      const steps = t.map((at, i) => {
        if (i > 0) forgetBelief(belief, at - t[i - 1], own);
        const used = hearPrice(belief, price[i] ?? NaN, volume[i] ?? NaN, own);
        const { alpha, beta } = belief;
        return {
          alpha,
          beta,
          mean: betaMean(alpha, beta),
          lo95: betaQuantile(0.025, alpha, beta),
          hi95: betaQuantile(0.975, alpha, beta),
          probAbove: edgePrice === null ? null : betaSf(edgePrice, alpha, beta),
          used,
        };
      });
      return { steps };
    },
  }),
};
