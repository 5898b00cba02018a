import { countRows, sequenceStarts, type HmmParameters, type HmmRows } from './hmm.types.js';

const LN_2PI = Math.log(2 * Math.PI);
/** Below this a step's total has lost its digits: only states without a way there explain the row. */
const RESCUE_BELOW = 1e-280;
/** The running product of the scales is turned into a logarithm before it can underflow. */
const FLUSH_BELOW = 1e-150;

/**
 * Scaled forward–backward over one set of rows, with buffers that are allocated once and used by every pass.
 *
 * Each row's densities are shifted by their largest logarithm before they are exponentiated, so that an outlier does not
 * underflow; the scales' product gives the log-likelihood. Source: Rabiner 1989, with the shift of the scaled recursion.
 */
export class ForwardBackward {
  readonly count: number;
  /** What was given, with every value of a missing row `NaN`. */
  readonly rows: HmmRows;
  /** n × K: log densities after `emissions`, shifted densities after `forward`. */
  readonly density: Float64Array;
  /** n × K: filtered probabilities after `forward`, smoothed ones after `backward`. */
  readonly posterior: Float64Array;
  /** K × K: expected number of moves from i to j, after `backward`. */
  readonly moves: Float64Array;
  /** K: expected number of sequences that begin in a state, after `backward`. */
  readonly begins: Float64Array;
  private readonly starts: Int32Array;
  private readonly scale: Float64Array;
  private readonly predicted: Float64Array;
  private readonly ahead: Float64Array;
  private readonly weighted: Float64Array;
  private logScale = 0;
  private product = 1;

  /** @throws UserProblem when the rows' shape does not hold. */
  constructor(
    rows: HmmRows,
    readonly states: number,
  ) {
    this.count = countRows(rows);
    this.rows = wholeRows(rows);
    this.starts = sequenceStarts(rows, this.count);
    this.density = new Float64Array(this.count * states);
    this.posterior = new Float64Array(this.count * states);
    this.moves = new Float64Array(states * states);
    this.begins = new Float64Array(states);
    this.scale = new Float64Array(this.count);
    this.predicted = new Float64Array(states);
    this.ahead = new Float64Array(states);
    this.weighted = new Float64Array(states);
  }

  /** Fills `density` with ln b_t(k); a row with a missing value gets 0 for every state. */
  emissions(model: HmmParameters): void {
    const { density, count, states: K } = this;
    const { values, features: D } = this.rows;
    const { means, variances } = model;
    for (let k = 0; k < K; k++) {
      let constant = 0;
      for (let d = 0; d < D; d++) constant -= 0.5 * (LN_2PI + Math.log(variances[k * D + d]));
      for (let d = 0; d < D; d++) {
        const mean = means[k * D + d];
        const half = 0.5 / variances[k * D + d];
        for (let t = 0, at = k, from = d; t < count; t++, at += K, from += D) {
          const off = values[from] - mean;
          density[at] = (d === 0 ? constant : density[at]) - off * off * half;
        }
      }
    }
    for (let at = 0; at < density.length; at++) if (density[at] !== density[at]) density[at] = 0;
  }

  /**
   * Filtered probabilities of every row into `posterior`.
   *
   * @param running receives the log-likelihood of all rows up to each one, when given (length n).
   * @returns the log-likelihood, in nats.
   */
  forward(model: HmmParameters, running?: Float64Array): number {
    this.logScale = 0;
    this.product = 1;
    for (let s = 0; s + 1 < this.starts.length; s++) {
      const from = this.starts[s];
      const to = this.starts[s + 1];
      if (running === undefined && this.states === 2) this.forward2(model, from, to);
      else if (running === undefined && this.states === 3) this.forward3(model, from, to);
      else this.forwardAny(model, from, to, running);
    }
    return this.logScale + Math.log(this.product);
  }

  /** Smoothed probabilities into `posterior`, expected counts into `moves` and `begins`. Call `forward` first. */
  backward(model: HmmParameters): void {
    const { states: K, moves, begins, posterior } = this;
    moves.fill(0);
    begins.fill(0);
    for (let s = 0; s + 1 < this.starts.length; s++) {
      const from = this.starts[s];
      const to = this.starts[s + 1];
      if (K === 2) this.backward2(model, from, to);
      else if (K === 3) this.backward3(model, from, to);
      else this.backwardAny(model, from, to);
      for (let k = 0; k < K; k++) begins[k] += posterior[from * K + k];
    }
    for (let i = 0; i < moves.length; i++) moves[i] *= model.transitions[i];
  }

  private forwardAny(model: HmmParameters, from: number, to: number, running?: Float64Array): void {
    const { states: K, density, posterior, predicted, scale } = this;
    const { start, transitions } = model;
    for (let t = from; t < to; t++) {
      const row = t * K;
      let shift = -Infinity;
      for (let j = 0; j < K; j++) if (density[row + j] > shift) shift = density[row + j];
      let total = 0;
      for (let j = 0; j < K; j++) {
        let come = 0;
        if (t === from) come = start[j];
        else for (let i = 0; i < K; i++) come += posterior[row - K + i] * transitions[i * K + j];
        predicted[j] = come;
        total += come * Math.exp(density[row + j] - shift);
      }
      if (total >= RESCUE_BELOW) {
        for (let j = 0; j < K; j++) {
          const shifted = Math.exp(density[row + j] - shift);
          density[row + j] = shifted;
          posterior[row + j] = (predicted[j] * shifted) / total;
        }
        scale[t] = total;
        this.logScale += shift;
        this.keepScale(total);
      } else this.rescue(t);
      if (running) running[t] = this.logScale + Math.log(this.product);
    }
  }

  private forward2(model: HmmParameters, from: number, to: number): void {
    const { density, posterior, predicted, scale } = this;
    const [a00, a01, a10, a11] = model.transitions;
    let p0 = model.start[0];
    let p1 = model.start[1];
    let logScale = 0;
    let product = 1;
    for (let t = from, row = from * 2; t < to; t++, row += 2) {
      const l0 = density[row];
      const l1 = density[row + 1];
      const shift = l0 > l1 ? l0 : l1;
      const b0 = l0 === shift ? 1 : Math.exp(l0 - shift);
      const b1 = l1 === shift ? 1 : Math.exp(l1 - shift);
      let f0 = p0 * b0;
      let f1 = p1 * b1;
      const total = f0 + f1;
      if (total >= RESCUE_BELOW) {
        const inverse = 1 / total;
        f0 *= inverse;
        f1 *= inverse;
        density[row] = b0;
        density[row + 1] = b1;
        posterior[row] = f0;
        posterior[row + 1] = f1;
        scale[t] = total;
        logScale += shift;
        if (total < FLUSH_BELOW) logScale += Math.log(total);
        else if ((product *= total) < FLUSH_BELOW) {
          logScale += Math.log(product);
          product = 1;
        }
      } else {
        predicted[0] = p0;
        predicted[1] = p1;
        this.rescue(t);
        f0 = posterior[row];
        f1 = posterior[row + 1];
      }
      p0 = f0 * a00 + f1 * a10;
      p1 = f0 * a01 + f1 * a11;
    }
    this.logScale += logScale + Math.log(product);
  }

  private forward3(model: HmmParameters, from: number, to: number): void {
    const { density, posterior, predicted, scale } = this;
    const [a00, a01, a02, a10, a11, a12, a20, a21, a22] = model.transitions;
    let p0 = model.start[0];
    let p1 = model.start[1];
    let p2 = model.start[2];
    let logScale = 0;
    let product = 1;
    for (let t = from, row = from * 3; t < to; t++, row += 3) {
      const l0 = density[row];
      const l1 = density[row + 1];
      const l2 = density[row + 2];
      let shift = l0 > l1 ? l0 : l1;
      if (l2 > shift) shift = l2;
      const b0 = l0 === shift ? 1 : Math.exp(l0 - shift);
      const b1 = l1 === shift ? 1 : Math.exp(l1 - shift);
      const b2 = l2 === shift ? 1 : Math.exp(l2 - shift);
      let f0 = p0 * b0;
      let f1 = p1 * b1;
      let f2 = p2 * b2;
      const total = f0 + f1 + f2;
      if (total >= RESCUE_BELOW) {
        const inverse = 1 / total;
        f0 *= inverse;
        f1 *= inverse;
        f2 *= inverse;
        density[row] = b0;
        density[row + 1] = b1;
        density[row + 2] = b2;
        posterior[row] = f0;
        posterior[row + 1] = f1;
        posterior[row + 2] = f2;
        scale[t] = total;
        logScale += shift;
        if (total < FLUSH_BELOW) logScale += Math.log(total);
        else if ((product *= total) < FLUSH_BELOW) {
          logScale += Math.log(product);
          product = 1;
        }
      } else {
        predicted[0] = p0;
        predicted[1] = p1;
        predicted[2] = p2;
        this.rescue(t);
        f0 = posterior[row];
        f1 = posterior[row + 1];
        f2 = posterior[row + 2];
      }
      p0 = f0 * a00 + f1 * a10 + f2 * a20;
      p1 = f0 * a01 + f1 * a11 + f2 * a21;
      p2 = f0 * a02 + f1 * a12 + f2 * a22;
    }
    this.logScale += logScale + Math.log(product);
  }

  private backwardAny(model: HmmParameters, from: number, to: number): void {
    const { states: K, density, posterior, scale, ahead, weighted, moves } = this;
    const { transitions } = model;
    ahead.fill(1);
    for (let t = to - 1; t >= from; t--) {
      const row = t * K;
      let total = 0;
      for (let k = 0; k < K; k++) total += posterior[row + k] * ahead[k];
      for (let k = 0; k < K; k++) posterior[row + k] *= ahead[k] / total;
      if (t === from) break;
      for (let j = 0; j < K; j++) weighted[j] = (density[row + j] * ahead[j]) / scale[t];
      for (let i = 0; i < K; i++) {
        let sum = 0;
        const before = posterior[row - K + i];
        for (let j = 0; j < K; j++) {
          sum += transitions[i * K + j] * weighted[j];
          moves[i * K + j] += before * weighted[j];
        }
        ahead[i] = sum;
      }
    }
  }

  private backward2(model: HmmParameters, from: number, to: number): void {
    const { density, posterior, scale, moves } = this;
    const [a00, a01, a10, a11] = model.transitions;
    let [m00, m01, m10, m11] = moves;
    let g0 = 1;
    let g1 = 1;
    let f0 = posterior[to * 2 - 2];
    let f1 = posterior[to * 2 - 1];
    for (let t = to - 1, row = t * 2; t >= from; t--, row -= 2) {
      const s0 = f0 * g0;
      const s1 = f1 * g1;
      const share = 1 / (s0 + s1);
      posterior[row] = s0 * share;
      posterior[row + 1] = s1 * share;
      if (t === from) break;
      const inverse = 1 / scale[t];
      const w0 = density[row] * g0 * inverse;
      const w1 = density[row + 1] * g1 * inverse;
      f0 = posterior[row - 2];
      f1 = posterior[row - 1];
      m00 += f0 * w0;
      m01 += f0 * w1;
      m10 += f1 * w0;
      m11 += f1 * w1;
      g0 = a00 * w0 + a01 * w1;
      g1 = a10 * w0 + a11 * w1;
    }
    moves.set([m00, m01, m10, m11]);
  }

  private backward3(model: HmmParameters, from: number, to: number): void {
    const { density, posterior, scale, moves } = this;
    const [a00, a01, a02, a10, a11, a12, a20, a21, a22] = model.transitions;
    let [m00, m01, m02, m10, m11, m12, m20, m21, m22] = moves;
    let g0 = 1;
    let g1 = 1;
    let g2 = 1;
    let f0 = posterior[to * 3 - 3];
    let f1 = posterior[to * 3 - 2];
    let f2 = posterior[to * 3 - 1];
    for (let t = to - 1, row = t * 3; t >= from; t--, row -= 3) {
      const s0 = f0 * g0;
      const s1 = f1 * g1;
      const s2 = f2 * g2;
      const share = 1 / (s0 + s1 + s2);
      posterior[row] = s0 * share;
      posterior[row + 1] = s1 * share;
      posterior[row + 2] = s2 * share;
      if (t === from) break;
      const inverse = 1 / scale[t];
      const w0 = density[row] * g0 * inverse;
      const w1 = density[row + 1] * g1 * inverse;
      const w2 = density[row + 2] * g2 * inverse;
      f0 = posterior[row - 3];
      f1 = posterior[row - 2];
      f2 = posterior[row - 1];
      m00 += f0 * w0;
      m01 += f0 * w1;
      m02 += f0 * w2;
      m10 += f1 * w0;
      m11 += f1 * w1;
      m12 += f1 * w2;
      m20 += f2 * w0;
      m21 += f2 * w1;
      m22 += f2 * w2;
      g0 = a00 * w0 + a01 * w1 + a02 * w2;
      g1 = a10 * w0 + a11 * w1 + a12 * w2;
      g2 = a20 * w0 + a21 * w1 + a22 * w2;
    }
    moves.set([m00, m01, m02, m10, m11, m12, m20, m21, m22]);
  }

  private keepScale(total: number): void {
    if (total < FLUSH_BELOW) this.logScale += Math.log(total);
    else if ((this.product *= total) < FLUSH_BELOW) {
      this.logScale += Math.log(this.product);
      this.product = 1;
    }
  }

  /** One forward step by logarithms, from `predicted` and the row's log densities; leaves a scale of 1 behind. */
  private rescue(t: number): void {
    const { states: K, density, posterior, predicted } = this;
    const row = t * K;
    let top = -Infinity;
    for (let j = 0; j < K; j++) top = Math.max(top, Math.log(predicted[j]) + density[row + j]);
    let sum = 0;
    for (let j = 0; j < K; j++) sum += Math.exp(Math.log(predicted[j]) + density[row + j] - top);
    for (let j = 0; j < K; j++) {
      const filtered = Math.exp(Math.log(predicted[j]) + density[row + j] - top) / sum;
      posterior[row + j] = filtered;
      // A state that cannot be reached weighs nothing on the way back either.
      density[row + j] = predicted[j] > 0 ? filtered / predicted[j] : 0;
    }
    this.scale[t] = 1;
    this.logScale += top + Math.log(sum);
  }
}

function wholeRows(rows: HmmRows): HmmRows {
  const { values, features: D } = rows;
  let copy: Float64Array | null = null;
  for (let at = 0; D > 1 && at < values.length; at++) {
    if (values[at] === values[at]) continue;
    copy ??= values.slice();
    copy.fill(NaN, at - (at % D), at - (at % D) + D);
  }
  return copy ? { ...rows, values: copy } : rows;
}
