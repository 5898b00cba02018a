import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PreTrainedModel, PreTrainedTokenizer } from '@huggingface/transformers';
import { OutsideProblem, UserProblem, type Instant } from '#core';
import type { Tone, ToneLabel, ToneScorer } from './tone.types.js';

export interface ModelChoice {
  /** A folder, or an id at the Hugging Face hub; `''` the one that is shipped. */
  readonly model: string;
  readonly dtype: 'fp32' | 'fp16' | 'q8' | 'q4';
  readonly threads: number;
}

const MOST_TOKENS = 128;
/** What models call the three tones. */
const NAMES: Readonly<Record<string, ToneLabel>> = {
  positive: 'positive',
  pos: 'positive',
  bullish: 'positive',
  negative: 'negative',
  neg: 'negative',
  bearish: 'negative',
  neutral: 'neutral',
  neu: 'neutral',
};
const HUB_ID = /^[\w.-]+\/[\w.-]+$/;

/**
 * A text classifier by transformers.js, loaded once and warmed up with one run. The shipped model and a folder never touch
 * the network; only an id of the hub does.
 *
 * @throws UserProblem for a model that is none of these, OutsideProblem for one that cannot be loaded.
 */
export async function openToneModel(choice: ModelChoice, now: () => Instant): Promise<ToneScorer> {
  const began = now();
  const place = placeOf(choice.model);
  const { AutoModelForSequenceClassification, AutoTokenizer, env } = await import('@huggingface/transformers');
  env.allowLocalModels = true;
  env.allowRemoteModels = place.remote;
  // The library joins a local path to this.
  env.localModelPath = '';
  let tokenizer: PreTrainedTokenizer;
  let model: PreTrainedModel;
  try {
    tokenizer = await AutoTokenizer.from_pretrained(place.id, { local_files_only: !place.remote });
    model = await AutoModelForSequenceClassification.from_pretrained(place.id, {
      dtype: choice.dtype,
      device: 'cpu',
      local_files_only: !place.remote,
      session_options: { intraOpNumThreads: choice.threads, interOpNumThreads: 1, executionMode: 'sequential' },
    });
  } catch (error) {
    throw new OutsideProblem(`the model ${place.name} cannot be loaded: ${firstLine(error)}`, place.remote, {
      cause: error,
    });
  }
  const labels = labelsOf(model);
  if (labels === null) {
    await model.dispose();
    throw new UserProblem(`the model ${place.name} does not tell positive from negative: its labels have other names`);
  }
  const run = async (texts: readonly string[]): Promise<readonly Tone[]> => {
    if (texts.length === 0) return [];
    const inputs: unknown = tokenizer([...texts], { padding: true, truncation: true, max_length: MOST_TOKENS });
    const { logits } = (await model(inputs)) as { logits: { data: Float32Array; dims: readonly number[] } };
    const width = logits.dims[1];
    return texts.map((_, row) => toneOf(logits.data.subarray(row * width, (row + 1) * width), labels));
  };
  await run(['markets rise as talks succeed']);
  return {
    info: { kind: 'model', name: place.name, note: '', warmUpMs: Math.round(now() - began) },
    score: run,
    close: async () => void (await model.dispose()),
  };
}

function placeOf(model: string): { readonly id: string; readonly name: string; readonly remote: boolean } {
  if (model === '') return { id: shippedModel(), name: 'ArbIntel headlines', remote: false };
  const folder = isAbsolute(model) ? model : resolve(model);
  if (existsSync(folder)) return { id: folder, name: folder, remote: false };
  if (HUB_ID.test(model)) return { id: model, name: model, remote: true };
  throw new UserProblem(`there is no model at ${folder}, and ${JSON.stringify(model)} is no id of the hub`);
}

/** The folder of the model that comes with the package: the same one from source and from the build. */
export function shippedModel(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return join(root, 'libs', 'plugins', 'enrichers', 'market-stance', 'model');
}

function labelsOf(model: PreTrainedModel): readonly (ToneLabel | null)[] | null {
  const { id2label } = model.config as { id2label?: Readonly<Record<string, string>> };
  const labels = Object.entries(id2label ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => NAMES[name.toLowerCase()] ?? null);
  return labels.includes('positive') && labels.includes('negative') ? labels : null;
}

function toneOf(logits: Float32Array, labels: readonly (ToneLabel | null)[]): Tone {
  const top = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  const share = (label: ToneLabel): number => {
    const total = weights.reduce((a, weight, i) => (labels[i] === label ? a + weight : a), 0);
    return Math.round((total / sum) * 10_000) / 10_000;
  };
  return { positive: share('positive'), negative: share('negative'), neutral: share('neutral') };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
