import { nextTick, shallowRef } from 'vue';
import { expect, it } from 'vitest';
import { onChange } from './on-change';

it('runs at once and with another value, but not when an equal list takes the place of the list', async () => {
  const rows = shallowRef([{ id: 'a', at: 1 }]);
  let runs = 0;
  onChange(
    () => [rows.value.length, rows.value[0]?.id],
    () => (runs += 1),
  );
  expect(runs).toBe(1);
  rows.value = [{ id: 'a', at: 2 }];
  await nextTick();
  expect(runs).toBe(1);
  rows.value = [{ id: 'b', at: 2 }];
  await nextTick();
  expect(runs).toBe(2);
});
