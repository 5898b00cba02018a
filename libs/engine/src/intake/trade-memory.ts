/** Trades seen lately, in two generations, so that memory has a bound. Venues repeat a trade within minutes or never. */
export class TradeMemory {
  private young = new Set<string>();
  private old = new Set<string>();

  constructor(private readonly generation = 20_000) {}

  /** True the first time. */
  isNew(id: string): boolean {
    if (this.young.has(id) || this.old.has(id)) return false;
    this.young.add(id);
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Set();
    }
    return true;
  }
}
