import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { OutsideProblem } from '#core';
import { VENUES, type BenchVenue } from './bench.frames.js';

export type ServerOrder =
  | { readonly kind: 'flat'; readonly seed: number; readonly startsAt: number; readonly frames: number }
  | {
      readonly kind: 'paced';
      readonly seed: number;
      readonly framesPerS: number;
      readonly seconds: number;
    };
export type ServerWord =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'connected' }
  | { readonly kind: 'begins' }
  /** `framesPerS`: what was really sent, `null` flat out. */
  | { readonly kind: 'sent'; readonly framesPerS: number | null };

/** Both venues' streams, open, and nothing sent yet. */
export interface OpenStreams {
  readonly sockets: Readonly<Record<BenchVenue, WebSocket>>;
  /** Starts the sending; resolves with the rate it really had, `null` flat out. */
  order(order: ServerOrder): Promise<number | null>;
  close(): void;
}

/** The process that sends the frames. */
export class FrameServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(): Promise<FrameServer> {
    const child = fork(new URL('./frame-server.process.js', import.meta.url), { execArgv: [] });
    const word = await next(child, 'listening');
    return new FrameServer(child, word.port);
  }

  async open(): Promise<OpenStreams> {
    const connected = next(this.child, 'connected');
    const [kalshi, polymarket] = VENUES.map(
      (venue) =>
        new WebSocket(`ws://127.0.0.1:${this.port}/${venue}`, { perMessageDeflate: false, skipUTF8Validation: true }),
    );
    await Promise.all([once(kalshi, 'open'), once(polymarket, 'open'), connected]);
    return {
      sockets: { kalshi, polymarket },
      order: async (order) => {
        const sent = next(this.child, 'sent');
        this.child.send(order);
        return (await sent).framesPerS;
      },
      close: () => {
        kalshi.terminate();
        polymarket.terminate();
      },
    };
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }
}

function next<K extends ServerWord['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<ServerWord, { readonly kind: K }>> {
  return new Promise((resolve, reject) => {
    const heard = (word: ServerWord): void => {
      if (word.kind !== kind) return;
      leave();
      resolve(word as Extract<ServerWord, { readonly kind: K }>);
    };
    const ended = (code: number | null): void => {
      leave();
      reject(new OutsideProblem(`the process that sends frames ended with ${code ?? 'a signal'}`, false));
    };
    const leave = (): void => {
      child.off('message', heard);
      child.off('exit', ended);
    };
    child.on('message', heard);
    child.on('exit', ended);
  });
}
