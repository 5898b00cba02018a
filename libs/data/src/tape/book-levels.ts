import { Defect } from '#core';

/** First byte of packed levels. Doubles, as they were written before, begin with the zeros of a side. */
const PACKED = 1;
const DOUBLES = 0;
/** Longest number of 53 bits in groups of seven. */
const LONGEST = 8;

/**
 * A book's levels, triples side, price (micro-dollars), size (hundredths), in two or three bytes each. Prices are steps
 * from one level to the next in the largest unit that all of them share, sizes likewise; both as numbers of seven bits a
 * byte, lowest first. So small, a whole book is a short row, and books can be written often.
 */
export function encodeLevels(levels: Float64Array): Buffer {
  if (levels.length === 0) return Buffer.alloc(0);
  const prices = unitOf(levels, 1);
  const sizes = unitOf(levels, 2);
  const bytes = Buffer.allocUnsafe(1 + LONGEST * 2 + (levels.length / 3) * LONGEST * 2);
  bytes[0] = PACKED;
  let n = writeNumber(bytes, writeNumber(bytes, 1, prices), sizes);
  let before = 0;
  for (let i = 0; i < levels.length; i += 3) {
    const step = levels[i + 1] / prices - before;
    before += step;
    // Sign and side take the two lowest bits.
    n = writeNumber(bytes, n, (step < 0 ? -step * 2 - 1 : step * 2) * 2 + levels[i]);
    n = writeNumber(bytes, n, levels[i + 2] / sizes);
  }
  return bytes.subarray(0, n);
}

/** Of packed levels, or of little-endian doubles. */
export function decodeLevels(bytes: Uint8Array): Float64Array {
  if (bytes.length === 0) return new Float64Array(0);
  if (bytes[0] === DOUBLES) return doubles(bytes);
  if (bytes[0] !== PACKED) throw new Defect(`levels of a book that begin with ${bytes[0]}`);
  const reader = new Numbers(bytes, 1);
  const prices = reader.next();
  const sizes = reader.next();
  const levels: number[] = [];
  let price = 0;
  while (reader.n < bytes.length) {
    const packed = reader.next();
    const step = Math.floor(packed / 2);
    price += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    levels.push(packed % 2, price * prices, reader.next() * sizes);
  }
  return Float64Array.from(levels);
}

/** The largest number that divides every third value from `from`; 1 when all are 0. */
function unitOf(levels: Float64Array, from: number): number {
  let unit = 0;
  for (let i = from; i < levels.length; i += 3) {
    let value = levels[i];
    if (!Number.isSafeInteger(value) || value < 0) throw new Defect(`a book's level holds ${value}`);
    // Most often the unit is found already and divides what comes.
    while (value !== 0) [unit, value] = [value, unit % value];
  }
  return unit === 0 ? 1 : unit;
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  let n = at;
  let rest = value;
  while (rest >= 128) {
    bytes[n++] = 128 + (rest % 128);
    rest = Math.floor(rest / 128);
  }
  bytes[n++] = rest;
  return n;
}

class Numbers {
  constructor(
    private readonly bytes: Uint8Array,
    public n: number,
  ) {}

  next(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.n++];
      if (byte === undefined) throw new Defect('levels of a book that break off');
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
  }
}

function doubles(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const levels = new Float64Array(bytes.byteLength / 8);
  for (let i = 0; i < levels.length; i++) levels[i] = view.getFloat64(i * 8, true);
  return levels;
}
