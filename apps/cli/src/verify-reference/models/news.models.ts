import { Type, type Static } from 'typebox';
import {
  cosine,
  decayImpulse,
  hearStance,
  jaccard,
  meanStance,
  openNewsImpulse,
  RollingScore,
  tfidf,
  tokens,
  wordCounts,
} from '#quant';
import { referenceModel } from '../reference-model.js';
import { orNothing } from './case-input.js';

const stances = Type.Object({
  t: Type.Array(Type.Number()),
  score: Type.Array(Type.Number()),
  weight: Type.Array(Type.Number()),
  halfLife: Type.Number(),
  window: Type.Integer(),
  minPeriods: Type.Integer(),
  sdFloor: Type.Number(),
});
const texts = Type.Object({ docs: Type.Array(Type.String()) });

export const newsModels = {
  nlp: referenceModel({
    title: 'sentiment momentum and near-duplicate similarity',
    input: Type.Union([stances, texts]),
    run: (input) => ('docs' in input ? similarity(input) : momentum(input)),
  }),
};

function momentum({ t, score, weight, halfLife, window, minPeriods, sdFloor }: Static<typeof stances>) {
  const impulse = openNewsImpulse();
  const unweighted = openNewsImpulse();
  const scores = new RollingScore(window, minPeriods, sdFloor);
  const rows = t.map((at, i) => {
    const dt = i === 0 ? 0 : at - t[i - 1];
    for (const one of [impulse, unweighted]) decayImpulse(one, dt, halfLife);
    hearStance(impulse, score[i], weight[i]);
    hearStance(unweighted, score[i], 1);
    return {
      plain: meanStance(unweighted),
      weighted: meanStance(impulse),
      sum: impulse.sum,
      z: orNothing(scores.next(impulse.sum)),
    };
  });
  return {
    ewmMeanUnweighted: rows.map((row) => row.plain),
    weightedMean: rows.map((row) => row.weighted),
    impulse: rows.map((row) => row.sum),
    zscore: rows.map((row) => row.z),
  };
}

function similarity({ docs }: Static<typeof texts>) {
  // The reference counts only a–z as letters.
  const words = docs.map((text) => tokens(text, true));
  const counts = words.map(wordCounts);
  const rare = tfidf(words);
  const table = <T>(rows: readonly T[], of: (a: T, b: T) => number) => rows.map((a) => rows.map((b) => of(a, b)));
  return { jaccard: table(words, jaccard), cosineCounts: table(counts, cosine), cosineTfidf: table(rare, cosine) };
}
