import { OrderBook, type MarketRef, type TapeEvent } from '#core';
import { BookBlocks, type BatchParts, type QuoteChange } from '#data';

export const MARKETS = 400;
const ROWS_PER_S = 2_000;
const LEVELS_A_SIDE = 40;

/** A small generator of our own: the same seed gives the same tape on every machine. */
function chanceOf(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/**
 * A made-up tape in the shape of a recorded one: a few markets are busy and most are not, a frame changes one to three
 * levels near the top, sizes are round, venue time lags by tens of milliseconds, a top of book moves in a third of the
 * frames and one frame in fifty is a trade.
 */
export function* madeUpTape(options: {
  readonly lane: number;
  readonly epoch: number;
  readonly afterSeq: number;
  readonly startAt: number;
  readonly rows: number;
  readonly rowsPerBatch: number;
  readonly seed: number;
}): Generator<{ readonly batch: BatchParts; readonly rows: number }> {
  const { lane, epoch, startAt, rows, rowsPerBatch } = options;
  const chance = chanceOf(options.seed);
  const books = Array.from({ length: MARKETS }, () => new OrderBook());
  const middles = Array.from({ length: MARKETS }, () => 10 + chance(80));
  const blocks = new BookBlocks();
  let seq = options.afterSeq;
  for (let done = 0; done < rows;) {
    const events: TapeEvent[] = [];
    const quotes: QuoteChange[] = [];
    let batchRows = 0;
    let at = startAt;
    while (batchRows < rowsPerBatch && done + batchRows < rows) {
      at = startAt + Math.floor(((done + batchRows) * 1_000) / ROWS_PER_S);
      // The product of two draws: the first markets get most of it.
      const market = Math.floor((chance(MARKETS) * chance(MARKETS)) / MARKETS) as MarketRef;
      const source = { venueAt: at - 20 - chance(30), connection: 1 + (market % 4), venueSeq: market % 2 ? seq : null };
      seq++;
      if (chance(50) === 0) {
        events.push({
          kind: 'trade',
          lane,
          seq,
          at,
          market,
          ...source,
          tradeId: `t${seq}`,
          price: (middles[market] * 10_000) as never,
          size: (100 * (1 + chance(200))) as never,
          taker: chance(2) === 0 ? 'buy' : 'sell',
        });
        batchRows++;
        continue;
      }
      if (chance(3) === 0) {
        middles[market] = Math.min(95, Math.max(5, middles[market] + chance(3) - 1));
        quotes.push({
          seq,
          quote: {
            market,
            at,
            bid: (middles[market] * 10_000) as never,
            bidSize: (100 * (1 + chance(500))) as never,
            ask: ((middles[market] + 1) * 10_000) as never,
            askSize: (100 * (1 + chance(500))) as never,
            trusted: true,
          },
        });
      }
      const count = 1 + chance(3);
      const levels = new Float64Array(count * 3);
      for (let i = 0; i < count; i++) {
        const side = chance(2);
        const away = Math.floor((chance(LEVELS_A_SIDE) * chance(LEVELS_A_SIDE)) / LEVELS_A_SIDE);
        const cents = side === 0 ? middles[market] - away : middles[market] + 1 + away;
        levels[i * 3] = side;
        levels[i * 3 + 1] = Math.min(99, Math.max(1, cents)) * 10_000;
        levels[i * 3 + 2] = chance(6) === 0 ? 0 : 100 * (1 + chance(20) * chance(20));
      }
      const event = { kind: 'book', lane, seq, at, market, ...source, snapshot: false, levels, merged: 1 } as const;
      books[market].apply(levels, false);
      blocks.take(event);
      events.push(event);
      batchRows += count;
    }
    done += batchRows;
    yield {
      rows: batchRows + quotes.length,
      batch: {
        lane,
        epoch,
        events,
        quotes,
        checkpoints: blocks.cut(seq, at, (market) => books[market].toLevels()),
      },
    };
  }
}
