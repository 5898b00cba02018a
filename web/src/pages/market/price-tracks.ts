import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { client, lostSince, reconnections } from '../../api/client';
import { sentence } from '../../api/live';
import { append, columnsOf, quoteInTerms, refine, type PriceTrack, type Span } from '../../charts/price-series';
import { SeriesDocument } from '../../generated/graphql';
import { useClock } from '../../stores/clock.store';
import { useQuoteFeed, type Quote } from '../../stores/quotes.store';
import { followTrust } from './follow-trust';
import type { Side } from './sides';

const POINTS = 1_000;
const MOST_ROWS = 6_000;
const DRAW_EVERY_MS = 500;

/** Recorded prices of every side over the range, continued live. `seconds` 0 is everything there is. */
export function usePriceTracks(sides: () => readonly Side[], seconds: Ref<number>) {
  const clock = useClock();
  const tracks = shallowRef<readonly PriceTrack[]>([]);
  const loading = ref(true);
  const error = ref('');
  let round = 0;
  let waiting: Quote[] = [];
  let due: ReturnType<typeof setTimeout> | undefined;

  const start = (): number => (seconds.value === 0 ? 0 : Date.now() - seconds.value * 1_000);

  async function refresh(): Promise<void> {
    const mine = ++round;
    const from = start();
    const asked = sides();
    if (tracks.value.length === 0) loading.value = true;
    const answers = await Promise.all(
      asked.map((side) =>
        client.query(SeriesDocument, { market: side.market.id, from: Math.floor(from), points: POINTS }).toPromise(),
      ),
    );
    if (mine !== round) return;
    error.value = answers.flatMap((answer) => (answer.error ? [sentence(answer.error)] : []))[0] ?? '';
    tracks.value = answers.flatMap((answer, index) => {
      const side = asked[index]!;
      if (!answer.data) return [];
      return [
        {
          market: side.market.id,
          venue: side.market.venue,
          spans: answer.data.continuity as readonly Span[],
          ...columnsOf(answer.data.quotes, side.inverse),
        },
      ];
    });
    loading.value = false;
    // The server spreads its points over the range asked for; when data fills a part of it, that part is asked for again.
    const first = firstAt();
    if (Number.isFinite(first) && (first - from) * 4 > Date.now() - from) await sharpen(first - 1_000, Date.now());
  }

  /** Reads a part of the range again with all points in it: after zooming in, or when data begins late. */
  async function sharpen(from: number, to: number): Promise<void> {
    const mine = round;
    const asked = sides();
    const answers = await Promise.all(
      asked.map((side) =>
        client
          .query(SeriesDocument, { market: side.market.id, from: Math.floor(from), to: Math.ceil(to), points: POINTS })
          .toPromise(),
      ),
    );
    if (mine !== round) return;
    tracks.value = tracks.value.map((track) => {
      const index = asked.findIndex((side) => side.market.id === track.market);
      const data = answers[index]?.data;
      return data ? { ...track, ...refine(track, columnsOf(data.quotes, asked[index]!.inverse), from, to) } : track;
    });
  }

  const firstAt = (): number => Math.min(...tracks.value.map((track) => track.at[0] ?? Infinity));

  function draw(): void {
    due = undefined;
    const quotes = waiting;
    waiting = [];
    const inverse = new Map(sides().map((side) => [side.market.id, side.inverse]));
    tracks.value = tracks.value.map((track) => {
      const mine = quotes.filter((quote) => quote.market === track.market);
      if (mine.length === 0) return track;
      const rows = mine.map((quote) => ({ at: quote.at, ...quoteInTerms(quote, inverse.get(track.market) ?? false) }));
      return { ...track, ...append(track, rows, start(), MOST_ROWS), spans: followTrust(track.spans, mine) };
    });
  }

  useQuoteFeed(
    () => sides().map((side) => side.market.id),
    (quotes) => {
      waiting.push(...quotes);
      due ??= setTimeout(draw, DRAW_EVERY_MS);
    },
  );
  watch(
    () =>
      `${seconds.value} ${sides()
        .map((side) => side.market.id)
        .join(' ')}`,
    () => void refresh(),
    { immediate: true },
  );
  watch(reconnections, () => void refresh());
  onScopeDispose(() => {
    round += 1;
    clearTimeout(due);
  });

  /** What is not heard is not drawn: without the server the axis stands still. */
  const to = computed(() =>
    Math.max(lostSince.value ?? clock.now, ...tracks.value.map((track) => track.at.at(-1) ?? 0)),
  );
  /** The axis begins where data does, when that is later than the range asked for. */
  const from = computed(() => {
    const first = firstAt();
    const wanted = seconds.value === 0 ? 0 : to.value - seconds.value * 1_000;
    const begin = Math.max(wanted, Number.isFinite(first) ? first : wanted);
    return Math.min(begin, to.value - 60_000);
  });
  return { tracks, from, to, loading, error, refresh, sharpen };
}
