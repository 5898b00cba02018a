/** A text as HTML holds it: what plugins and venues say stays text. */
export const text = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Heads that begin with `#` are columns of numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>Nothing.</p>';
  const right = head.map((cell) => (cell.startsWith('#') ? ' class="n"' : ''));
  const cells = (row: readonly string[]): string =>
    row.map((cell, i) => `<td${right[i] ?? ''}>${text(cell)}</td>`).join('');
  return `<div class="wide"><table>${headRow(head)}<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table></div>`;
}

export const headRow = (head: readonly string[]): string =>
  `<thead><tr>${head
    .map((cell) => `<th scope="col"${cell.startsWith('#') ? ' class="n"' : ''}>${text(cell.replace(/^#/, ''))}</th>`)
    .join('')}</tr></thead>`;

/** A moment of UTC, to the second or to the millisecond. */
export const day = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
export const moment = (at: number): string => new Date(at).toISOString().slice(11, 23);

/** `$1,234.50`; less than a dollar to a hundredth of a cent, so that a small sum is not nothing. */
export function dollars(micros: number): string {
  const amount = Math.abs(micros) / 1e6;
  const digits = amount > 0 && amount < 1 ? 4 : 2;
  return `${micros < 0 ? '−' : ''}$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
}
