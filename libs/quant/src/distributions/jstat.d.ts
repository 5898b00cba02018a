/** The part of jstat 1.9 that is used here; the package brings no types. */
declare module 'jstat' {
  interface Distribution {
    pdf(x: number, ...parameters: readonly number[]): number;
    cdf(x: number, ...parameters: readonly number[]): number;
    inv(p: number, ...parameters: readonly number[]): number;
  }
  const jstat: { readonly chisquare: Distribution; readonly beta: Distribution; readonly studentt: Distribution };
  export default jstat;
}
