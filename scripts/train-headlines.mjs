// Trains the tone classifier that comes with the package, from scratch, with nothing but Node:
//     node scripts/train-headlines.mjs --data headlines.csv [--out FOLDER] [--held FILE] [--epochs N] [--seed N]
// The file has columns text and label (0 bearish, 1 bullish, 2 neutral). Stories are split by a hash of their words: 8 of 10
// to learn from, 1 to choose the epoch, 1 held back. Writes model, tokenizer and scores; the data stays where it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AutoTokenizer, env } from '@huggingface/transformers';
import { LABELS, partOf, readRows, seeded } from './train-headlines/data.mjs';
import { Adam, emptyGradient, Network } from './train-headlines/network.mjs';
import { toOnnx } from './train-headlines/onnx.mjs';
import { makeTokenizer } from './train-headlines/tokenizer.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'libs/plugins/enrichers/market-stance/model' },
    epochs: { type: 'string', default: '12' },
    seed: { type: 'string', default: '7' },
    dim: { type: 'string', default: '48' },
    filters: { type: 'string', default: '96' },
    held: { type: 'string' },
    hide: { type: 'string', default: '0.08' },
    decay: { type: 'string', default: '0.01' },
  },
});
if (values.data === undefined) {
  process.stderr.write('--data FILE is missing: a CSV file with columns text and label\n');
  process.exit(2);
}
const BATCH = 32;
const LONGEST = 64;
const DROP = 0.5;
const UNKNOWN = 1;
const out = resolve(values.out);
const write = (name, body) => {
  mkdirSync(join(out, name, '..'), { recursive: true });
  writeFileSync(join(out, name), body);
};

const rows = readRows(values.data);
const parts = { train: [], choose: [], test: [] };
for (const row of rows) parts[partOf(row.text)].push(row);
if (values.held !== undefined) {
  // What is never learned from, in the form `npm run news:eval` reads.
  const lines = parts.test.map(({ text, label }) => JSON.stringify({ text, label: LABELS[label] }));
  writeFileSync(resolve(values.held), `${lines.join('\n')}\n`);
}

const made = makeTokenizer(parts.train.map(({ text }) => text));
write('tokenizer.json', `${JSON.stringify(made.tokenizer)}\n`);
write('tokenizer_config.json', `${JSON.stringify(made.config, null, 2)}\n`);
env.allowRemoteModels = false;
env.localModelPath = '';
const tokenizer = await AutoTokenizer.from_pretrained(out, { local_files_only: true });
for (const row of rows) row.ids = tokenizer.encode(row.text).slice(0, LONGEST);

const network = new Network({
  vocab: made.size,
  dim: Number(values.dim),
  filters: Number(values.filters),
  seed: Number(values.seed),
});
const optimizer = new Adam(network, { rate: 1.5e-3, decay: Number(values.decay) });
const gradient = emptyGradient(network);
const random = seeded(Number(values.seed) + 1);
const counts = LABELS.map((_, label) => parts.train.filter((row) => row.label === label).length);
// Rare labels weigh more, but not in full: at the root, neither is shouted down.
const weights = counts.map((count) => Math.sqrt(parts.train.length / (3 * count)));

const epochs = Number(values.epochs);
let best = { score: -1, epoch: 0, weights: null };
for (let epoch = 1; epoch <= epochs; epoch++) {
  const began = Date.now();
  const order = parts.train.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  let loss = 0;
  const rate = 1.5e-3 * (1 - (0.9 * (epoch - 1)) / epochs);
  for (let from = 0; from < order.length; from += BATCH) {
    const batch = order.slice(from, from + BATCH);
    for (const i of batch) {
      const row = parts.train[i];
      const drop = Float32Array.from({ length: 2 * network.filters }, () => (random() < DROP ? 0 : 1 / (1 - DROP)));
      // Words it has not seen will come: now and then a known one is hidden.
      const ids = row.ids.map((id) => (random() < Number(values.hide) ? UNKNOWN : id));
      loss += network.backward(ids, row.label, weights[row.label], 0.05, drop, gradient);
    }
    optimizer.update(gradient, batch.length, rate);
  }
  const chosen = score(parts.choose);
  if (chosen.macroF1 > best.score) best = { score: chosen.macroF1, epoch, weights: network.copy() };
  process.stdout.write(
    `epoch ${epoch}: loss ${(loss / order.length).toFixed(4)}, choose accuracy ${chosen.accuracy.toFixed(4)} macro-F1 ${chosen.macroF1.toFixed(4)} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`,
  );
}
Object.assign(network, best.weights);
const held = score(parts.test);
write('onnx/model.onnx', toOnnx(network));
write(
  'config.json',
  `${JSON.stringify(
    {
      architectures: ['BertForSequenceClassification'],
      model_type: 'bert',
      id2label: Object.fromEntries(LABELS.map((name, i) => [i, name])),
      label2id: Object.fromEntries(LABELS.map((name, i) => [name, i])),
      vocab_size: made.size,
      hidden_size: network.dim,
      max_position_embeddings: 128,
      pad_token_id: 0,
    },
    null,
    2,
  )}\n`,
);
write(
  'training.json',
  `${JSON.stringify(
    {
      rows: { train: parts.train.length, choose: parts.choose.length, test: parts.test.length },
      vocabulary: made.size,
      dim: network.dim,
      filters: network.filters,
      seed: Number(values.seed),
      epoch: best.epoch,
      held,
    },
    null,
    2,
  )}\n`,
);
process.stdout.write(
  `epoch ${best.epoch} kept; held back ${parts.test.length} headlines: accuracy ${held.accuracy.toFixed(4)}, macro-F1 ${held.macroF1.toFixed(4)}\n`,
);

/** Accuracy, macro-F1 and confusion (rows are what is true). */
function score(set) {
  const confusion = LABELS.map(() => LABELS.map(() => 0));
  for (const { ids, label } of set) {
    const logits = network.forward(ids);
    confusion[label][logits.indexOf(Math.max(...logits))]++;
  }
  const right = LABELS.reduce((sum, _, i) => sum + confusion[i][i], 0);
  const f1 = LABELS.map((_, i) => {
    const said = LABELS.reduce((sum, __, k) => sum + confusion[k][i], 0);
    const true_ = confusion[i].reduce((a, b) => a + b, 0);
    return said + true_ === 0 ? 0 : (2 * confusion[i][i]) / (said + true_);
  });
  return { accuracy: right / set.length, macroF1: f1.reduce((a, b) => a + b, 0) / 3, confusion };
}
