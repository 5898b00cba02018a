/** Seeds that defaults are chosen on, and the first of those they are reported on: they never meet. */
export const TUNED_ON = { from: 1, to: 20 } as const;
export const REPORTED_FROM = 1_001;
