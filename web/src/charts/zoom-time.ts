/**
 * How long a zoom takes until it is drawn, for people who measure: `performance.getEntriesByName('market-zoom')` in the
 * page holds one entry per zoom, from the wheel's turn to the last pixel of what is there; a finer reading is drawn when it comes.
 */
export function zoomTimer(): { begin(): void; drawn(): void } {
  let began: number | null = null;
  return {
    begin() {
      began ??= performance.now();
    },
    drawn() {
      if (began === null) return;
      performance.measure('market-zoom', { start: began, end: performance.now() });
      began = null;
    },
  };
}
