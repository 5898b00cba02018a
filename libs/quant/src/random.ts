/** A source of numbers in [0, 1), handed in wherever chance is needed. */
export type Random = () => number;

/** Mulberry32: small, seeded, the same sequence on every machine; not for secrets. */
export function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` standard normal numbers by Box–Muller, two draws for each. */
export function normals(count: number, random: Random): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt(-2 * Math.log(Math.max(random(), 1e-12)));
    values[i] = radius * Math.cos(2 * Math.PI * random());
  }
  return values;
}
