import WebSocket from 'ws';
import type { Instant } from '#core';
import type { CommandIds, SocketDescription, WireSession } from '#plugin-sdk';
import { reasonOf } from './rest.io.js';
import { turnTaking } from './turn-taking.js';

/** Largest frame a venue may send. An opening array of 200 deep books is about 4 MiB. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** What we may have queued towards the venue before the connection counts as stuck. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

export interface LinkEvents {
  opened(link: SocketLink): void;
  frame(link: SocketLink, frame: string | Buffer): void;
  /** Exactly once per link, whatever ended it. `code` 1006 stands for "no close frame". */
  ended(link: SocketLink, code: number, reason: string): void;
}

/**
 * One socket from handshake to close. It knows the transport only: whole frames, pings and pongs count as life, the
 * bytes of an unfinished frame do not, so a frame that drips in byte by byte ends with the connection.
 */
export class SocketLink {
  readonly ids: CommandIds;
  readonly session: WireSession;
  readonly openedAt: Instant;
  state: 'connecting' | 'open' | 'ended' = 'connecting';
  lastSeenAt: Instant;
  private readonly streams = new Map<string, string>();
  private readonly socket: WebSocket;
  private nextBeatAt: Instant;
  private ending = '';

  constructor(
    readonly connection: number,
    private readonly description: SocketDescription,
    private readonly events: LinkEvents,
    private readonly now: () => Instant,
    handshakeTimeoutMs: number,
  ) {
    let id = 0;
    this.ids = { next: () => ++id };
    this.session = { streams: this.streams };
    this.openedAt = now();
    this.lastSeenAt = this.openedAt;
    this.nextBeatAt = this.openedAt + description.heartbeat.everyMs;
    this.socket = new WebSocket(description.url, {
      headers: description.headers(this.openedAt),
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      // Bytes that are not text cost their frame, not the connection: intake refuses them.
      skipUTF8Validation: true,
      handshakeTimeout: handshakeTimeoutMs,
      followRedirects: false,
    });
    this.listen();
  }

  send(frames: readonly string[]): void {
    if (this.state !== 'open') return;
    for (const frame of frames) this.socket.send(frame);
    if (this.socket.bufferedAmount > MAX_QUEUED_BYTES) this.terminate('the venue does not read what we send');
  }

  /** The venue numbered a stream of this connection (Kalshi's `sid`). */
  learn(channel: string, id: string): void {
    this.streams.set(channel, id);
  }

  /** Sends the heartbeat when due; ends a connection whose transport is silent. */
  tick(now: Instant): void {
    if (this.state !== 'open') return;
    const { send, everyMs, deadAfterMs } = this.description.heartbeat;
    if (now - this.lastSeenAt > deadAfterMs) {
      this.terminate(`nothing heard for ${now - this.lastSeenAt} ms`);
      return;
    }
    if (now < this.nextBeatAt) return;
    this.nextBeatAt = now + everyMs;
    if (send !== null) this.send([send]);
  }

  /** Orderly end; a venue that does not answer the close is cut off after two seconds. */
  close(reason: string): void {
    if (this.state === 'ended') return;
    this.ending ||= reason;
    this.socket.close(1000);
    setTimeout(() => this.socket.terminate(), 2000).unref();
  }

  terminate(reason: string): void {
    if (this.state === 'ended') return;
    this.ending ||= reason;
    this.socket.terminate();
  }

  private listen(): void {
    const seen = (): void => {
      this.lastSeenAt = this.now();
    };
    this.socket.on('open', () => {
      this.state = 'open';
      seen();
      this.events.opened(this);
    });
    const turn = turnTaking(this.socket);
    this.socket.on('message', (data, isBinary) => {
      seen();
      turn();
      if (this.state !== 'open') return;
      // Neither venue sends binary frames: the parser is handed one it will refuse, so that it is counted.
      this.events.frame(this, isBinary ? '<binary>' : (data as Buffer));
    });
    this.socket.on('ping', seen);
    this.socket.on('pong', seen);
    this.socket.on('unexpected-response', (request, response) => {
      this.ending ||= `the handshake was answered ${response.statusCode} ${response.statusMessage ?? ''}`.trim();
      response.resume();
      request.destroy();
      this.end(1006, '');
    });
    this.socket.on('error', (error) => {
      this.ending ||= reasonOf(error);
    });
    this.socket.on('close', (code, reason) => this.end(code, reason.toString('utf8')));
  }

  private end(code: number, reason: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.events.ended(this, code, this.ending || reason);
  }
}
