import { describe, expect, it } from 'vitest';
import { heatOf, leftOutText, setText, type Cell } from './heat';
import { field } from './settings';
import { axesInput, variable } from './sweep-form';

const FIELDS = [
  field('/edge', 'Edge', '', { type: 'integer', unit: 'micro-dollars per contract', minimum: 0, maximum: 100_000 }),
  field('/side', 'Side', '', { type: 'string', enum: ['both', 'yes'] }),
  field('/note', 'Note', '', { type: 'string' }),
];
const cell = (set: number, profit: number | null, more: Partial<Cell> = {}): Cell => ({
  set,
  part: 'test',
  state: 'done',
  profit,
  sharpe: null,
  ...more,
});
const SHOWN = { x: '/edge', y: '/side', part: 'test', measure: 'profit' } as const;

describe('the form of a sweep', () => {
  it('offers what has a range or choices, and sends what was typed as it is stored', () => {
    expect(variable(FIELDS).map(({ path }) => path)).toEqual(['/edge', '/side']);
    const typed = { path: '/edge', from: '0.5', to: '', count: '3' };
    expect(axesInput(FIELDS, [typed, { path: '/side', from: '1', to: '2', count: 'x' }])).toEqual({
      axes: [{ path: '/edge', from: 5_000, count: 3 }, { path: '/side' }],
      problems: {},
    });
  });

  it('says what is wrong, and where', () => {
    const { problems } = axesInput(FIELDS, [
      { path: '', from: '', to: '', count: '5' },
      { path: '/edge', from: 'a', to: '99', count: '0' },
    ]);
    expect(Object.keys(problems)).toEqual([
      '/sweep/axes/0/path',
      '/sweep/axes/1/from',
      '/sweep/axes/1/to',
      '/sweep/axes/1/count',
    ]);
  });
});

describe('the heat-map of a sweep', () => {
  const sets = [
    { '/edge': 20_000, '/side': 'both' },
    { '/edge': 10_000, '/side': 'both' },
    { '/edge': 10_000, '/side': 'yes' },
  ];

  it('shows the mean over windows at the place of the values, numbers in their order', () => {
    const cells = [cell(0, 4), cell(0, 8), cell(1, 1), cell(2, 3, { part: 'train' }), cell(2, 5, { state: 'failed' })];
    expect(heatOf({ sets, cells, fields: FIELDS }, SHOWN)).toEqual({
      x: ['1 ¢ a contract', '2 ¢ a contract'],
      y: ['both', 'yes'],
      cells: [
        [1, 0, 6],
        [0, 0, 1],
      ],
    });
  });

  it('means over the settings that are not shown', () => {
    const { cells, y } = heatOf({ sets, cells: [cell(1, 1), cell(2, 3)], fields: FIELDS }, { ...SHOWN, y: '' });
    expect(y).toEqual(['']);
    expect(cells).toEqual([[0, 0, 2]]);
  });

  it('puts the many values of a random search together', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ '/edge': i * 1_000 }));
    const drawn = heatOf({ sets: many, cells: many.map((_, i) => cell(i, i)), fields: FIELDS }, { ...SHOWN, y: '' });
    expect(drawn.x).toHaveLength(12);
    expect(drawn.cells).toHaveLength(12);
    expect(drawn.cells.at(-1)![0]).toBe(11);
  });

  it('names a set in the words of its plugin', () => {
    expect(setText(sets[1], FIELDS)).toBe('Edge 1 ¢ a contract, Side both');
  });
});

it('says what the windows of a sweep leave out', () => {
  const window = (testFrom: number) => ({ trainTo: testFrom - 3_000, testFrom, testTo: testFrom + 60_000 });
  expect(leftOutText([])).toBe('');
  expect(leftOutText([window(0)])).toBe('purge 3.0 s after training');
  expect(leftOutText([window(0), window(65_000)])).toBe('purge 3.0 s after training, embargo 5.0 s after a test');
  expect(leftOutText([window(0), window(60_000)])).toContain('embargo none');
});
