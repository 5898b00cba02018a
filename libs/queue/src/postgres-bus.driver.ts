import pg from 'pg';
import { OutsideProblem } from '#core';
import { decodeMessage, encodeMessage, Listeners, reconnectDelay } from './bus-message.js';
import type { BusMessage, LiveBus } from './contracts.js';

const CHANNEL = 'arbintel_bus';

/** The live bus on LISTEN/NOTIFY: one listening connection that is made anew when it breaks, and a small pool to speak. */
export async function createPostgresBus(url: string): Promise<LiveBus> {
  const bus = new PostgresBus(url);
  await bus.open();
  return bus;
}

class PostgresBus implements LiveBus {
  private readonly listeners = new Listeners();
  private readonly speakers: pg.Pool;
  private ear: pg.Client | null = null;
  private again: NodeJS.Timeout | null = null;
  private attempt = 0;
  private closed = false;

  constructor(private readonly url: string) {
    this.speakers = new pg.Pool({
      connectionString: url,
      max: 2,
      application_name: 'arbintel-bus-publish',
      connectionTimeoutMillis: 5_000,
    });
    this.speakers.on('error', () => undefined);
  }

  async open(): Promise<void> {
    try {
      await this.listen();
    } catch (cause) {
      await this.close();
      throw new OutsideProblem(`the live bus cannot reach PostgreSQL: ${(cause as Error).message}`, true, { cause });
    }
  }

  async publish(message: BusMessage): Promise<void> {
    const text = encodeMessage(message);
    try {
      await this.speakers.query('SELECT pg_notify($1, $2)', [CHANNEL, text]);
    } catch (cause) {
      throw new OutsideProblem(`the live bus could not publish: ${(cause as Error).message}`, true, { cause });
    }
  }

  subscribe(listener: (message: BusMessage) => void): () => void {
    return this.listeners.add(listener);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.again) clearTimeout(this.again);
    this.listeners.clear();
    await Promise.allSettled([this.ear?.end(), this.speakers.end()]);
  }

  private async listen(): Promise<void> {
    const ear = new pg.Client({
      connectionString: this.url,
      application_name: 'arbintel-bus',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: 5_000,
    });
    let lost = false;
    const onLost = (): void => {
      if (lost) return;
      lost = true;
      ear.end().catch(() => undefined);
      if (this.ear === ear) {
        this.ear = null;
        this.later();
      }
    };
    ear.on('error', onLost);
    ear.on('end', onLost);
    ear.on('notification', ({ payload }) => {
      const message = decodeMessage(payload);
      if (message !== null) this.listeners.tell(message);
    });
    try {
      await ear.connect();
      await ear.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      lost = true;
      await ear.end().catch(() => undefined);
      throw error;
    }
    if (this.closed || lost) {
      await ear.end().catch(() => undefined);
      if (!this.closed) this.later();
      return;
    }
    this.ear = ear;
    this.attempt = 0;
  }

  private later(): void {
    if (this.closed) return;
    this.again = setTimeout(
      () => {
        this.listen().catch(() => this.later());
      },
      reconnectDelay(this.attempt++),
    );
  }
}
