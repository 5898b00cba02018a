/** Prices in the model are thousandths of a dollar (mils) of the listing's own YES, 1 … 999. Sizes are hundredths. */
export const BID = 0;
export const ASK = 1;
export type Side = 0 | 1;

export interface Change {
  readonly side: Side;
  readonly mils: number;
  /** New size of the level, hundredths; 0 removes it. */
  readonly size: number;
  /** Change of the size, hundredths. */
  readonly delta: number;
}

/** A book by price: size at every mil on both sides, with the best price of each kept. Never crosses by its own doing. */
export class Ladder {
  readonly #sizes = [new Float64Array(1_001), new Float64Array(1_001)] as const;
  #bid = 0;
  #ask = 1_000;

  /** Best bid in mils, 0 when there is none. */
  get bid(): number {
    return this.#bid;
  }

  /** Best ask in mils, 1000 when there is none. */
  get ask(): number {
    return this.#ask;
  }

  size(side: Side, mils: number): number {
    return this.#sizes[side][mils];
  }

  /** Sets a level; `null` when nothing changes. */
  set(side: Side, mils: number, size: number): Change | null {
    const sizes = this.#sizes[side];
    const delta = size - sizes[mils];
    if (delta === 0) return null;
    sizes[mils] = size;
    if (side === BID) {
      if (size > 0 && mils > this.#bid) this.#bid = mils;
      else if (size === 0 && mils === this.#bid) while (this.#bid > 0 && sizes[this.#bid] === 0) this.#bid--;
    } else if (size > 0 && mils < this.#ask) this.#ask = mils;
    else if (size === 0 && mils === this.#ask) while (this.#ask < 1_000 && sizes[this.#ask] === 0) this.#ask++;
    return { side, mils, size, delta };
  }

  /** Changes that make this book equal to another; applies them. */
  become(other: Ladder): Change[] {
    const changes: Change[] = [];
    for (const side of [BID, ASK] as const) {
      for (let mils = 1; mils < 1_000; mils++) {
        // Removals first: in between, the book must not look crossed.
        if (other.size(side, mils) === 0) push(changes, this.set(side, mils, 0));
      }
    }
    for (const side of [BID, ASK] as const) {
      for (let mils = 1; mils < 1_000; mils++) {
        const size = other.size(side, mils);
        if (size !== 0) push(changes, this.set(side, mils, size));
      }
    }
    return changes;
  }

  /** Levels from the lowest price to the highest. */
  levels(side: Side): { mils: number; size: number }[] {
    const levels: { mils: number; size: number }[] = [];
    const sizes = this.#sizes[side];
    for (let mils = 1; mils < 1_000; mils++) if (sizes[mils] > 0) levels.push({ mils, size: sizes[mils] });
    return levels;
  }

  /** The n-th best price of a side, or -1. */
  nth(side: Side, n: number): number {
    const sizes = this.#sizes[side];
    let left = n;
    if (side === BID) {
      for (let mils = this.#bid; mils > 0; mils--) if (sizes[mils] > 0 && left-- === 0) return mils;
    } else for (let mils = this.#ask; mils < 1_000; mils++) if (sizes[mils] > 0 && left-- === 0) return mils;
    return -1;
  }
}

const push = (changes: Change[], change: Change | null): void => {
  if (change) changes.push(change);
};
