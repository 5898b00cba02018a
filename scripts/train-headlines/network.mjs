// A small text network with its gradients by hand: words → vectors → filters over three words → the strongest and the
// mean of each filter → three scores. (Kim 2014, with the mean beside the maximum.)
import { seeded } from './data.mjs';

export const WIDTH = 3;

export class Network {
  constructor({ vocab, dim, filters, seed }) {
    Object.assign(this, { vocab, dim, filters });
    const random = seeded(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const made = (size, scale) => Float32Array.from({ length: size }, () => scale * normal());
    this.embedding = made(vocab * dim, 0.1);
    this.embedding.fill(0, 0, dim);
    this.kernel = made(filters * WIDTH * dim, Math.sqrt(2 / (WIDTH * dim)));
    this.kernelBias = new Float32Array(filters);
    this.out = made(3 * 2 * filters, Math.sqrt(1 / (2 * filters)));
    this.outBias = new Float32Array(3);
    this.parts = ['embedding', 'kernel', 'kernelBias', 'out', 'outBias'];
  }

  /** Scores of one text; `drop` (mask over pooled values) and `keep` are for learning. */
  forward(ids, drop = null, keep = null) {
    const { dim, filters, embedding, kernel, kernelBias, out, outBias } = this;
    const n = Math.max(ids.length, 1);
    const hidden = new Float32Array(n * filters);
    for (let t = 0; t < ids.length; t++) {
      const row = t * filters;
      for (let f = 0; f < filters; f++) hidden[row + f] = kernelBias[f];
      for (let w = 0; w < WIDTH; w++) {
        const at = t + w - 1;
        if (at < 0 || at >= ids.length) continue;
        const e = ids[at] * dim;
        for (let f = 0; f < filters; f++) {
          let sum = 0;
          const k = (f * WIDTH + w) * dim;
          for (let d = 0; d < dim; d++) sum += kernel[k + d] * embedding[e + d];
          hidden[row + f] += sum;
        }
      }
    }
    const pooled = new Float32Array(2 * filters);
    const best = new Int32Array(filters).fill(-1);
    for (let f = 0; f < filters; f++) {
      let most = 0;
      let sum = 0;
      for (let t = 0; t < ids.length; t++) {
        const value = hidden[t * filters + f];
        if (value <= 0) continue;
        sum += value;
        if (value > most) {
          most = value;
          best[f] = t;
        }
      }
      pooled[f] = most;
      pooled[filters + f] = sum / n;
    }
    if (drop !== null) for (let i = 0; i < pooled.length; i++) pooled[i] *= drop[i];
    const logits = [outBias[0], outBias[1], outBias[2]];
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < pooled.length; i++) logits[c] += out[c * pooled.length + i] * pooled[i];
    if (keep !== null) Object.assign(keep, { hidden, pooled, best });
    return logits;
  }

  /** Adds the gradient of one text's loss to `grad`; returns the loss. */
  backward(ids, label, weight, smooth, drop, grad) {
    const { dim, filters, embedding, kernel, out } = this;
    const kept = {};
    const logits = this.forward(ids, drop, kept);
    const shares = softmax(logits);
    const { hidden, pooled, best } = kept;
    const n = Math.max(ids.length, 1);
    const onPooled = new Float32Array(pooled.length);
    for (let c = 0; c < 3; c++) {
      const target = c === label ? 1 - smooth : smooth / 2;
      const g = weight * (shares[c] - target);
      grad.outBias[c] += g;
      for (let i = 0; i < pooled.length; i++) {
        grad.out[c * pooled.length + i] += g * pooled[i];
        onPooled[i] += g * out[c * pooled.length + i];
      }
    }
    for (let i = 0; i < pooled.length; i++) onPooled[i] *= drop[i];
    for (let f = 0; f < filters; f++) {
      const fromMean = onPooled[filters + f] / n;
      for (let t = 0; t < ids.length; t++) {
        if (hidden[t * filters + f] <= 0) continue;
        const g = fromMean + (t === best[f] ? onPooled[f] : 0);
        if (g === 0) continue;
        grad.kernelBias[f] += g;
        for (let w = 0; w < WIDTH; w++) {
          const at = t + w - 1;
          if (at < 0 || at >= ids.length) continue;
          const e = ids[at] * dim;
          const k = (f * WIDTH + w) * dim;
          for (let d = 0; d < dim; d++) {
            grad.kernel[k + d] += g * embedding[e + d];
            grad.embedding[e + d] += g * kernel[k + d];
          }
          grad.touched.add(ids[at]);
        }
      }
    }
    return -weight * Math.log(Math.max(shares[label], 1e-9));
  }

  copy() {
    return Object.fromEntries(this.parts.map((part) => [part, this[part].slice()]));
  }
}

export function softmax(logits) {
  const top = Math.max(...logits);
  const weights = logits.map((x) => Math.exp(x - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((x) => x / sum);
}

/** Adam (Kingma & Ba 2015) with decoupled decay; of the word vectors only those of the batch move. */
export class Adam {
  constructor(network, { rate, decay }) {
    Object.assign(this, { network, rate, decay, step: 0 });
    this.first = Object.fromEntries(network.parts.map((part) => [part, new Float32Array(network[part].length)]));
    this.second = Object.fromEntries(network.parts.map((part) => [part, new Float32Array(network[part].length)]));
  }

  update(grad, count, rate = this.rate) {
    this.step++;
    const { network } = this;
    const correction = Math.sqrt(1 - 0.999 ** this.step) / (1 - 0.9 ** this.step);
    const move = (part, from, to) => {
      const [values, g, m, v] = [network[part], grad[part], this.first[part], this.second[part]];
      for (let i = from; i < to; i++) {
        const x = g[i] / count;
        m[i] = 0.9 * m[i] + 0.1 * x;
        v[i] = 0.999 * v[i] + 0.001 * x * x;
        values[i] -= rate * ((correction * m[i]) / (Math.sqrt(v[i]) + 1e-8) + this.decay * values[i]);
        g[i] = 0;
      }
    };
    for (const part of network.parts) if (part !== 'embedding') move(part, 0, network[part].length);
    for (const id of grad.touched) move('embedding', id * network.dim, (id + 1) * network.dim);
    grad.touched.clear();
  }
}

export const emptyGradient = (network) => ({
  ...Object.fromEntries(network.parts.map((part) => [part, new Float32Array(network[part].length)])),
  touched: new Set(),
});
