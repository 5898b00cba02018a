import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { modelsBench } from './models.bench.js';
import { modelTasks } from './models.tasks.js';
import { regimeRows, walkSeries } from './models.workloads.js';

describe('the models benchmark', () => {
  it('works on the inputs everyone uses', () => {
    const { values } = regimeRows(5_000, 3, 2, 1002);
    expect(values[0]).toBeCloseTo(0.00235412828, 10);
    expect(values[1]).toBeCloseTo(0.00385883727, 10);
    expect(walkSeries()[0]).toBeCloseTo(0.467511365, 9);
  });

  it.each(modelTasks().map((task) => [task.id, task] as const))('does %s, and rightly', (_, task) => {
    const { known, ...found } = task.prepare()();
    expect(Object.values(found).every(Number.isFinite)).toBe(true);
    if (known === undefined) return;
    const got = Object.values(found).at(-1) ?? NaN;
    expect(Math.abs(got - known)).toBeLessThan(1e-9 * (1 + Math.abs(known)));
  });

  it('says which work there is', async () => {
    await expect(modelsBench(['--only', 'X9'])).rejects.toThrow(UserProblem);
    await expect(modelsBench(['--repeat', '1'])).rejects.toThrow(UserProblem);
  });
});
