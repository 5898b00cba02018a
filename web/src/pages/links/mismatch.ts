/** Probability (0…1) that two linked markets resolve differently, as a person types it: in percent, empty for unknown. */
export function mismatchOf(text: string): { readonly value: number | null } | { readonly problem: string } {
  const trimmed = text.trim().replace(/\s*%$/, '');
  if (trimmed === '') return { value: null };
  if (!/^\d+(\.\d{1,4})?$/.test(trimmed)) return { problem: 'A percentage from 0 to 100, at most 4 decimals' };
  const percent = Number(trimmed);
  if (percent > 100) return { problem: 'At most 100 %' };
  // Through whole millionths, so that 0.2 % is 0.002 and not its neighbour.
  return { value: Math.round(percent * 10_000) / 1_000_000 };
}

export const mismatchText = (value: number | null): string =>
  value === null ? '' : String(Math.round(value * 1_000_000) / 10_000);
