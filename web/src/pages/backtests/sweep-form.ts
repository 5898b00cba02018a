import { fromTyped } from '../../format';
import type { PluginFieldsFragment } from '../../generated/graphql';
import { field, typedSettings } from './settings';

type Field = PluginFieldsFragment['fields'][number];

/** What a person typed of one setting that is to vary; empty ends are the plugin's own. */
export interface AxisDraft {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly count: string;
}

export const NEW_AXIS: AxisDraft = { path: '', from: '', to: '', count: '5' };

/** What a person chooses of a sweep besides its axes. The server checks all of it again. */
export const SWEEP_SETTINGS: readonly Field[] = [
  field('/search', 'Search', 'Every combination, or draws with the seed.', {
    type: 'string',
    enum: ['grid', 'random'],
    default: 'grid',
  }),
  field('/draws', 'Draws', 'Sets of a random search.', { type: 'integer', minimum: 1, maximum: 2_000, default: 20 }),
  field('/goal', 'Chosen by', 'What is best in training.', {
    type: 'string',
    enum: ['sharpe', 'profit'],
    default: 'sharpe',
  }),
  field('/windows', 'Windows', 'Tests one after the other; one is a plain hold-out.', {
    type: 'integer',
    minimum: 1,
    maximum: 50,
    default: 4,
  }),
  field('/trainRatio', 'Training', 'How many times as long as a test.', { minimum: 0.25, maximum: 20, default: 3 }),
  field('/purgeMinutes', 'Purge', 'Left out between training and its test.', {
    unit: 'minutes',
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
  }),
  field('/embargoMinutes', 'Embargo', 'Left out between one test and the next.', {
    unit: 'minutes',
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
  }),
  field('/anchored', 'Anchored', 'Every training begins where the tape does.', { type: 'boolean', default: false }),
];

export const sweepDefaults = (): Record<string, string> => typedSettings(SWEEP_SETTINGS);

const isNumber = ({ type, enum: choices }: Field): boolean => !choices && (type === 'number' || type === 'integer');

/** Whether a range, and not each of a few choices, is tried. */
export const hasRange = (fields: readonly Field[], path: string): boolean =>
  fields.some((one) => one.path === path && isNumber(one));

/** Settings of a plugin that can be varied. */
export const variable = (fields: readonly Field[]): readonly Field[] =>
  fields.filter((one) => isNumber(one) || (one.type !== 'array' && (one.type === 'boolean' || Boolean(one.enum))));

/** The axes as the server takes them, or what is wrong with them by path. */
export function axesInput(
  fields: readonly Field[],
  drafts: readonly AxisDraft[],
): { readonly axes: readonly Record<string, unknown>[]; readonly problems: Readonly<Record<string, string>> } {
  const problems: Record<string, string> = {};
  const axes = drafts.map((draft, i) => {
    const at = `/sweep/axes/${i}`;
    const of = fields.find(({ path }) => path === draft.path);
    if (of === undefined) problems[`${at}/path`] = 'Choose a setting';
    if (of === undefined || !isNumber(of)) return { path: draft.path };
    const axis: Record<string, unknown> = { path: draft.path };
    for (const end of ['from', 'to'] as const) {
      if (draft[end].trim() === '') continue;
      const parsed = fromTyped(of, draft[end]);
      if ('problem' in parsed) problems[`${at}/${end}`] = parsed.problem;
      else axis[end] = parsed.value;
    }
    const count = Number(draft.count);
    if (!Number.isInteger(count) || count < 1 || count > 200) problems[`${at}/count`] = 'A whole number, 1 to 200';
    else axis['count'] = count;
    return axis;
  });
  return { axes, problems };
}
