import type { Outlet } from '../wire/outlet.js';

export const CHANNELS = ['orderbook_delta', 'ticker', 'trade', 'market_lifecycle_v2'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One subscription (`sid`) of one connection. `seq` counts every sequenced frame: snapshots, deltas, acknowledgements. */
export class Stream {
  #seq = 0;
  readonly tickers = new Set<string>();
  /** Hears every market of the channel. */
  all = false;

  constructor(
    readonly outlet: Outlet,
    readonly sid: number,
    readonly channel: Channel,
  ) {}

  hears(ticker: string): boolean {
    return this.all || this.tickers.has(ticker);
  }

  /** A sequenced frame whose `msg` is JSON text already. */
  send(type: string, msg: string, id?: number): void {
    this.outlet.data(
      `{"type":"${type}",${id === undefined ? '' : `"id":${id},`}"sid":${this.sid},"seq":${++this.#seq},"msg":${msg}}`,
    );
  }

  /** A frame without `seq` (ticker). */
  sendPlain(type: string, msg: string): void {
    this.outlet.data(`{"type":"${type}","sid":${this.sid},"msg":${msg}}`);
  }

  acknowledge(id: number): void {
    this.send('ok', JSON.stringify({ market_tickers: [...this.tickers].sort() }), id);
  }

  end(id: number): void {
    this.outlet.data(`{"id":${id},"sid":${this.sid},"seq":${++this.#seq},"type":"unsubscribed"}`);
  }
}
