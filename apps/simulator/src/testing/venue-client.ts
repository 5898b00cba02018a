import { constants, sign, type KeyObject } from 'node:crypto';
import { WebSocket } from 'ws';
import { OutsideProblem } from '#core';

/** A plain client of either socket, for specs: keeps what it hears. */
export class Client {
  readonly #heard: Loose[] = [];
  #read = 0;
  readonly pings: string[] = [];
  /** Close code, once closed. */
  closed: number | null = null;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const text = String(data);
      try {
        this.#heard.push(JSON.parse(text));
      } catch {
        this.#heard.push(text);
      }
    });
    socket.on('ping', (body) => this.pings.push(String(body)));
    socket.on('close', (code) => {
      this.closed = code;
    });
    socket.on('error', () => {});
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The next unread frame that passes; those before it count as read. `fresh` skips what is unread now. */
  async next(test: (frame: Loose) => boolean, fresh = false, withinMs = 15_000): Promise<Loose> {
    if (fresh) this.#read = this.#heard.length;
    const until = Date.now() + withinMs;
    for (;;) {
      while (this.#read < this.#heard.length) {
        const frame = this.#heard[this.#read++];
        if (test(frame)) return frame;
      }
      if (Date.now() > until) throw new OutsideProblem('the frame waited for did not come', false);
      await this.wait(5);
    }
  }

  /** Waits until what was heard so far passes: machines may be slow, so nothing is timed. */
  async until(test: (frames: readonly Loose[]) => boolean, withinMs = 15_000): Promise<void> {
    for (const limit = Date.now() + withinMs; !test(this.#heard); await this.wait(20)) {
      if (Date.now() > limit) throw new OutsideProblem('what was waited for did not come', false);
    }
  }

  /** Frames not read yet. */
  rest(): Loose[] {
    const frames = this.#heard.slice(this.#read);
    this.#read = this.#heard.length;
    return frames;
  }

  all(): readonly Loose[] {
    return this.#heard;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Resolves once open; rejects with the status when the handshake is refused. */
export function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    const client = new Client(socket);
    socket.once('open', () => resolve(client));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new OutsideProblem(`refused with ${response.statusCode}`, false));
    });
    socket.once('error', reject);
  });
}

export function signed(key: KeyObject, id: string, method: string, path: string, now: number): Record<string, string> {
  const signature = sign('sha256', Buffer.from(`${now}${method}${path}`), {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  return {
    'KALSHI-ACCESS-KEY': id,
    'KALSHI-ACCESS-TIMESTAMP': String(now),
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  };
}

/** Frames and answers as specs look at them, field by field. */
// oxlint-disable-next-line typescript/no-explicit-any -- every field is then compared with what it must be
export type Loose = any;

export interface Answered {
  readonly status: number;
  readonly body: Loose;
  readonly date: string;
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answered> {
  const answer = await fetch(url, { headers });
  return { status: answer.status, body: await answer.json(), date: answer.headers.get('date') ?? '' };
}

export async function post(url: string, body: unknown): Promise<Answered> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json(), date: answer.headers.get('date') ?? '' };
}
