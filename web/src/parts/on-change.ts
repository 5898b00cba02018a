import { watch } from 'vue';

/**
 * Runs at once, and again when one of these values is another one. A list or a row that was merely put in the place of an equal
 * one is no change: what a person has typed would be gone with every row that a feed replaces.
 */
export function onChange(
  values: () => readonly (string | number | boolean | null | undefined)[],
  run: () => void,
): void {
  watch(() => JSON.stringify(values()), run, { immediate: true });
}
