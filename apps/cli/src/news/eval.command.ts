import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OutsideProblem, UserProblem } from '#core';
import { labelOf, openToneModel, scoreByAfinn, scoreByVader, TONES, type Tone, type ToneLabel } from '#plugins';
import { readArguments } from '../arguments.js';
import { judgeLabels, type LabelScores } from './label-scores.js';

const USAGE = 'npm run news:eval -- FILE [--model FOLDER_OR_ID] [--json OUT]';
const AT_ONCE = 64;

interface Scorer {
  readonly name: string;
  score(texts: readonly string[]): Promise<readonly Tone[]>;
}

/** `npm run news:eval`: how well each scorer there is tells the tone of labelled texts. */
export async function newsEval(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    argv,
    { json: { type: 'string' }, model: { type: 'string', default: '' } },
    USAGE,
    true,
  );
  if (positionals.length !== 1) throw new UserProblem(`say one file of JSON lines { text, label }: ${USAGE}`);
  const rows = readLabelled(resolve(positionals[0]));
  const scorers: Scorer[] = [
    { name: 'VADER', score: async (texts) => texts.map(scoreByVader) },
    { name: 'AFINN', score: async (texts) => texts.map(scoreByAfinn) },
  ];
  let missing = '';
  try {
    const model = await openToneModel({ model: values.model, dtype: 'fp32', threads: 1 }, () => performance.now());
    scorers.unshift({ name: `model (${model.info.name})`, score: (texts) => model.score(texts) });
  } catch (error) {
    if (!(error instanceof OutsideProblem) && !(error instanceof UserProblem)) throw error;
    missing = error.message;
    process.stdout.write(`no model: ${missing}\n\n`);
  }
  const results: (LabelScores & { readonly scorer: string; readonly perSecond: number })[] = [];
  for (const scorer of scorers) {
    const began = performance.now();
    const said: ToneLabel[] = [];
    for (let from = 0; from < rows.length; from += AT_ONCE)
      said.push(...(await scorer.score(rows.slice(from, from + AT_ONCE).map(({ text }) => text))).map(labelOf));
    const perSecond = Math.round((rows.length * 1_000) / (performance.now() - began));
    const scores = judgeLabels(
      rows.map(({ label }) => label),
      said,
    );
    results.push({ scorer: scorer.name, perSecond, ...scores });
    process.stdout.write(`${table(scorer.name, scores, perSecond)}\n`);
  }
  if (values.json !== undefined)
    writeFileSync(
      resolve(values.json),
      `${JSON.stringify({ texts: rows.length, labels: TONES, missing, results }, null, 2)}\n`,
    );
  return 0;
}

/**
 * Lines of `{ text, label }`.
 *
 * @throws UserProblem with the number of the first line that is none.
 */
function readLabelled(file: string): readonly { readonly text: string; readonly label: ToneLabel }[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserProblem(`${file} cannot be read: ${(error as Error).message}`);
  }
  const rows = content.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    let row: { text?: unknown; label?: unknown };
    try {
      row = JSON.parse(line) as typeof row;
    } catch {
      throw new UserProblem(`${file}, line ${i + 1} is not JSON`);
    }
    const { text, label } = row ?? {};
    if (typeof text !== 'string' || !TONES.includes(label as ToneLabel))
      throw new UserProblem(`${file}, line ${i + 1}: wanted a text and a label of ${TONES.join(', ')}`);
    return [{ text, label: label as ToneLabel }];
  });
  if (rows.length === 0) throw new UserProblem(`${file} holds no lines`);
  return rows;
}

function table(name: string, { accuracy, macroF1, confusion }: LabelScores, perSecond: number): string {
  const cell = (text: string | number): string => String(text).padStart(10);
  return [
    `${name}: accuracy ${accuracy.toFixed(4)}, macro-F1 ${macroF1.toFixed(4)} (${perSecond} texts/s)`,
    `  ${'is \\ said'.padEnd(10)}${TONES.map(cell).join('')}`,
    ...TONES.map((label, i) => `  ${label.padEnd(10)}${confusion[i].map(cell).join('')}`),
    '',
  ].join('\n');
}
