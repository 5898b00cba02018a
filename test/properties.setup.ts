import fc from 'fast-check';

/**
 * Properties draw their cases from one seed, so that a run says of a change what it would have said without it.
 * `ARBINTEL_SEED=random` (or a number) looks elsewhere and `ARBINTEL_CASES=20` twenty times as far: what CONTRIBUTING.md
 * asks of whoever changes numbers.
 */
const said = process.env['ARBINTEL_SEED'] ?? '20260214';
const seed = said === 'random' ? Date.now() % 2 ** 31 : Number(said);
if (!Number.isSafeInteger(seed)) throw new Error(`ARBINTEL_SEED is a whole number or "random", not "${said}"`);
const times = Number(process.env['ARBINTEL_CASES'] ?? 1);
if (!(times >= 1)) throw new Error('ARBINTEL_CASES is how many times as many cases as usual: at least 1');
fc.configureGlobal({ seed, numRuns: 100 * times });
