import WebSocket from 'ws';
import type { HeldSource } from '#data';
import type { NewsStream } from '#plugin-sdk';
import { reasonOf, sentenceOf } from '../venues/rest.io.js';
import { NEWS_HOSTS, restAfter } from './document.io.js';
import { passageTo } from '../web/public-address.js';
import type { Reader, ReaderHouse } from './source.reader.js';

const MAX_FRAME_BYTES = 1024 * 1024;
/** A public firehose is never silent this long. */
const SILENT_MS = 120_000;
/** Items are stored together, and the cursor with them. */
const FLUSH_MS = 500;
const MOST_WAITING = 2_000;
const CURSOR_EVERY_MS = 10_000;

/** Listens to a stream of news: opens it where it stopped, watches it, opens it again with growing patience. */
export class StreamReader implements Reader {
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | null = null;
  private readonly flush: NodeJS.Timeout;
  private waiting: Parameters<ReaderHouse['took']>[1][number][] = [];
  private cursor: string | null;
  private storedCursor: string | null;
  private cursorAt = 0;
  private failures: number;
  private heardAt = 0;
  /** Why the open socket will have ended, where that is known before. */
  private why = '';
  private writing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly source: HeldSource,
    private readonly stream: NewsStream<unknown>,
    private readonly house: ReaderHouse,
  ) {
    this.cursor = source.cursor;
    this.storedCursor = source.cursor;
    this.failures = source.failures;
    this.open();
    this.flush = setInterval(() => this.tick(), FLUSH_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.flush);
    if (this.retry) clearTimeout(this.retry);
    this.socket?.terminate();
    await this.writing;
    await this.write();
  }

  private open(): void {
    const { house, source, stream } = this;
    this.retry = null;
    this.heardAt = house.now();
    let socket: WebSocket;
    try {
      const url = new URL(stream.url(source.config, this.cursor));
      socket = new WebSocket(url, {
        ...passageTo(url, house.privateHosts, NEWS_HOSTS, house.resolve),
        perMessageDeflate: false,
        maxPayload: MAX_FRAME_BYTES,
        handshakeTimeout: 15_000,
        followRedirects: false,
      });
    } catch (error) {
      this.openLater(sentenceOf(error));
      return;
    }
    this.socket = socket;
    this.why = '';
    socket.on('open', () => {
      void house.store.answered(source.id, house.now(), {}).catch(() => undefined);
    });
    socket.on('message', (data, isBinary) => {
      this.heardAt = house.now();
      if (isBinary || this.stopped) return;
      const read = stream.read(source.config, (data as Buffer).toString('utf8'));
      if (read === null) return;
      // Not at the opening: who lets us in and throws us out at once would be asked without end.
      this.failures = 0;
      // What cannot be stored in time is dropped by the oldest: a stream does not wait for us.
      for (const item of read.items) if (house.wanted(item)) this.waiting.push(item);
      this.dropOldest();
      this.cursor = read.cursor ?? this.cursor;
    });
    socket.on('error', (error) => (this.why ||= reasonOf(error)));
    socket.on('close', (code, reason) => {
      if (this.stopped || this.socket !== socket) return;
      this.socket = null;
      this.openLater(`the stream ended: ${this.why || reason.toString('utf8') || `code ${code}`}`);
    });
  }

  private openLater(why: string): void {
    const { house, source } = this;
    const waitMs = restAfter(this.failures++, 1_000, house.random);
    const at = house.now();
    void house.store.failed(source.id, at, why, at + waitMs).catch(() => undefined);
    this.retry = setTimeout(() => this.open(), waitMs);
  }

  private dropOldest(): void {
    if (this.waiting.length > MOST_WAITING) this.waiting = this.waiting.slice(-MOST_WAITING);
  }

  private tick(): void {
    if (this.socket?.readyState === WebSocket.OPEN && this.house.now() - this.heardAt > SILENT_MS) {
      this.why = 'it fell silent';
      this.socket.terminate();
    }
    this.writing = this.writing.then(() => this.write());
  }

  private async write(): Promise<void> {
    const items = this.waiting.splice(0);
    const { cursor, house, source } = this;
    const now = house.now();
    try {
      if (items.length > 0) await house.took(source, items);
      if (cursor !== this.storedCursor && (items.length > 0 || now - this.cursorAt > CURSOR_EVERY_MS || this.stopped)) {
        await house.store.answered(source.id, now, { cursor });
        this.storedCursor = cursor;
        this.cursorAt = now;
      }
    } catch (error) {
      this.waiting.unshift(...items);
      this.dropOldest();
      house.trouble(source, error);
    }
  }
}
