import { marketId, price, size, venueId, type MarketInfo, type MarketRef, type TapeEvent, type Unstamped } from '#core';
import type { VenueMessage, VenueWire, Verdict } from '#plugin-sdk';
import { Intake } from './intake.js';

export const V = venueId('v');
export const A = 0 as MarketRef;
export const B = 1 as MarketRef;

export const info = (native: string, more: Partial<MarketInfo> = {}): MarketInfo => ({
  id: marketId('v', native),
  group: null,
  title: native,
  rules: '',
  category: '',
  status: 'open',
  grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
  minSize: size(100),
  sizeStep: size(100),
  fees: null,
  closesAt: null,
  paysAt: null,
  venueData: {},
  ...more,
});

type Sent = Omit<Partial<Extract<VenueMessage, { kind: 'book' }>>, 'levels'> & { readonly levels: readonly number[] };
export const book = (
  native: string,
  mode: 'snapshot' | 'absolute' | 'increment',
  levels: number[],
  more: Partial<Sent> = {},
): VenueMessage =>
  ({
    kind: 'book',
    native,
    mode,
    levels: Float64Array.from(levels),
    venueAt: null,
    ...more,
    ...(more.levels ? { levels: Float64Array.from(more.levels) } : {}),
  }) as VenueMessage;
export const seq = (n: number): { sequence: { stream: string; seq: number } } => ({
  sequence: { stream: '1', seq: n },
});

/** Frames of the test are keys of prepared messages. */
export function bench(hashEveryMs = 1000, mostLateMs?: number) {
  const frames = new Map<string, readonly VenueMessage[]>();
  let verdict: Verdict = { kind: 'unproven' };
  const wire: VenueWire = {
    parse: (text) => {
      const messages = frames.get(text);
      if (!messages) throw new SyntaxError('what is this');
      return messages;
    },
    verify: () => verdict,
  };
  const events: Unstamped<TapeEvent>[] = [];
  const intake = new Intake({
    wires: new Map([[V, wire]]),
    emit: (event) => events.push(event),
    hashEveryMs,
    mostLateMs,
  });
  intake.market(info('a'));
  intake.market(info('b'));
  intake.open(1, V, [A, B]);
  events.length = 0;
  let frame = 0;
  return {
    intake,
    events,
    says: (next: Verdict): void => {
      verdict = next;
    },
    send: (messages: readonly VenueMessage[], at = 1000, connection = 1) => {
      frames.set(String(++frame), messages);
      return intake.frame(connection, String(frame), at);
    },
    /** What was emitted since, one line each. */
    told: (): string[] =>
      events.splice(0).map((event) => {
        switch (event.kind) {
          case 'book':
            return `book ${event.market}${event.snapshot ? ' whole' : ''} ${[...event.levels].join(',')}`.trim();
          case 'continuity':
            return `${event.trusted ? 'trust' : 'lose'} ${event.market} ${event.reason}`;
          case 'probe':
          case 'trade':
          case 'resolution':
            return `${event.kind} ${event.market}`;
          case 'market':
            return `market ${event.ref} ${event.info.status}`;
          default:
            return event.kind;
        }
      }),
  };
}

export const OPENING = [0, 400_000, 500, 1, 420_000, 700];
