import { Type, type Static } from 'typebox';
import { Defect } from '#core';
import {
  bandEnd,
  BAND_95,
  filterLevel,
  fitLevel,
  levelLogLikelihood,
  meanProbability,
  observe,
  openLocalLevel,
  openReading,
  predict,
  readQuote,
  sigmoid,
  smoothLevel,
  type LevelStart,
} from '#quant';
import { referenceModel } from '../reference-model.js';
import { maybe, numberOrGap, orNothing, series, withGaps } from './case-input.js';

const level = Type.Object({
  y: series,
  dt: maybe(Type.Array(Type.Number())),
  q: Type.Number(),
  r: Type.Union([Type.Number(), Type.Array(Type.Number())]),
  x0: maybe(Type.Number()),
  p0: Type.Number(),
  init: maybe(Type.Union([Type.Literal('predicted'), Type.Literal('firstObservation')])),
  huber: maybe(Type.Number()),
});

const ticks = Type.Object({
  ticks: Type.Array(
    Type.Object({
      t: Type.Number(),
      bid: numberOrGap,
      ask: numberOrGap,
      bidSize: numberOrGap,
      askSize: numberOrGap,
      age: Type.Number(),
    }),
  ),
  params: Type.Object({
    eps: Type.Number(),
    q: Type.Number(),
    rFloor: Type.Number(),
    depthRef: Type.Number(),
    depthMin: Type.Number(),
    staleHalfLife: Type.Number(),
    maxAge: Type.Number(),
    useMicroprice: Type.Boolean(),
    x0: Type.Number(),
    p0: Type.Number(),
  }),
});

export const kalmanModels = {
  kalman: referenceModel({
    title: 'local level: x_t = x_{t-1}+w, Var w = q*dt_t; y_t = x_t+v, Var v = r_t',
    input: level,
    run(input) {
      const history = filtered(input);
      return {
        predMean: history.predictedMean,
        predVar: history.predictedVariance,
        innovation: Array.from(history.innovation, orNothing),
        innovationVar: Array.from(history.innovationVariance, orNothing),
        gain: history.gain,
        mean: history.mean,
        var: history.variance,
        logLik: history.logLikelihood,
        totalLogLik: history.totalLogLikelihood,
      };
    },
  }),
  rts: referenceModel({
    title: 'Rauch-Tung-Striebel fixed-interval smoother of the same model',
    input: level,
    run(input) {
      const { mean, variance } = smoothLevel(filtered(input));
      return { smoothedMean: mean, smoothedVar: variance };
    },
  }),
  'kalman-logit': referenceModel({
    title: 'logit-space local level with book-derived measurement variance (math.md section 3.4)',
    input: ticks,
    run: logOdds,
  }),
  'kalman-mle': referenceModel({
    title: 'MLE of (q,r), local level, exact diffuse initial state',
    input: Type.Object({ y: series, dt: maybe(Type.Array(Type.Number())) }),
    families: {
      q: 'param',
      r: 'param',
      logLikExactDiffuse: 'logLik',
      logLikBurn1At: 'logLik',
      'probes.logLikExactDiffuse': 'probe_logLik',
    },
    optimum: { objective: 'logLikExactDiffuse', better: 'higher', broken: () => [] },
    run(input, { expected }) {
      const y = withGaps(input.y);
      const dt = input.dt ?? null;
      const fit = fitLevel(y, dt);
      if (fit === null) throw new Defect('nothing can be fitted to this series');
      const probes = Type.Array(Type.Object({ q: Type.Number(), r: Type.Number() }));
      return {
        q: fit.q,
        r: fit.r,
        logLikExactDiffuse: fit.logLikelihood,
        // The approximate start drops the first value's constant.
        logLikBurn1At: fit.logLikelihood + 0.5 * Math.log(2 * Math.PI),
        probes: ((expected['probes'] ?? []) as Static<typeof probes>).map(({ q, r }) => ({
          q,
          r,
          logLikExactDiffuse: levelLogLikelihood(y, dt, q, r),
        })),
      };
    },
  }),
};

function filtered({ y, dt, q, r, x0, p0, init, huber }: Static<typeof level>) {
  const start: LevelStart =
    init === 'firstObservation'
      ? { kind: 'first-observation', variance: p0 }
      : { kind: 'predicted', mean: x0 ?? 0, variance: p0 };
  const robust = huber === undefined || huber === null ? null : { gate: huber, jumpAfter: Infinity };
  return filterLevel({ y: withGaps(y), dt, q, r }, start, robust);
}

function logOdds({ ticks: rows, params }: Static<typeof ticks>) {
  const noise = { ...params, epsilon: params.eps };
  const state = openLocalLevel(params.x0, params.p0);
  const reading = openReading();
  const steps = rows.map((tick, i) => {
    if (i > 0) predict(state, params.q * (tick.t - rows[i - 1].t));
    const [bid, ask, bidSize, askSize] = withGaps([tick.bid, tick.ask, tick.bidSize, tick.askSize]);
    const used = readQuote(reading, bid, ask, bidSize, askSize, tick.age, noise);
    observe(state, reading.z, reading.r);
    return {
      used,
      z: orNothing(reading.z),
      r: orNothing(reading.r),
      x: state.mean,
      p: state.variance,
      median: sigmoid(state.mean),
      mean: meanProbability(state.mean, state.variance),
      lo95: bandEnd(state.mean, state.variance, -BAND_95),
      hi95: bandEnd(state.mean, state.variance, BAND_95),
    };
  });
  return { steps, totalLogLik: state.totalLogLikelihood };
}
