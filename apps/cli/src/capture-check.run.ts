import {
  ASK,
  BID,
  formatPrice,
  formatSize,
  nativeOf,
  OrderBook,
  PRICE_ONE,
  type MarketInfo,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
  type VenueId,
} from '#core';
import { entriesOf, indexCapture, Intake, isObject, nativeOfMessage, type CapturedFrame } from '#engine';
import type { BookProof, VenueMessage, VenuePlugin, VenueWire } from '#plugin-sdk';
import { inferLostChange, type LostChange } from './capture-check.infer.js';

/** A stretch of a capture in which a book could not be trusted. Frames are counted from 1, as lines are. */
export interface BrokenSpan {
  readonly fromFrame: number;
  /** `null`: to the end of the capture. */
  readonly toFrame: number | null;
  readonly reason: string;
  readonly detail: string;
  /** Levels that the frame restated which ended the span. */
  readonly restated: readonly string[];
  /** The level that changed without a message, where the hashes show it. */
  readonly lost: LostChange | null;
}

export interface MarketReport {
  readonly market: string;
  /** By the venue's own names. */
  readonly frames: Readonly<Record<string, number>>;
  readonly levels: number;
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  /** The book at the end, best first: side, price, size as the tape has them. */
  readonly book: readonly number[];
  readonly trusted: boolean;
  readonly gaps: number;
  readonly hashPassed: number;
  readonly hashFailed: number;
  /** What the file does not say and the hash of the first book shows. */
  readonly found: Readonly<Record<string, string>>;
  /** Token ids as the file names them; the first is taken for YES. */
  readonly tokens: readonly string[];
  readonly spans: readonly BrokenSpan[];
}

export interface CaptureReport {
  readonly venue: string;
  readonly frames: number;
  readonly unknown: number;
  readonly rejected: number;
  readonly reasons: readonly string[];
  readonly gaps: number;
  readonly crossed: number;
  readonly sequences: Readonly<
    Record<string, { readonly first: number; readonly last: number; readonly count: number }>
  >;
  readonly markets: readonly MarketReport[];
}

/** Plays captured frames through parse, intake and books. Never throws for what a frame holds. */
export function checkCapture(plugin: VenuePlugin, frames: readonly CapturedFrame[]): CaptureReport {
  const { infos, messages } = indexCapture(plugin, frames);
  const studies = new Map(infos.map((info) => [nativeOf(info.id), new Study(info)]));
  messages.forEach((said, at) => countTypes(frames[at], said, studies));
  const play = new Play(plugin, infos, studies, messages);
  frames.forEach((frame, at) => play.frame(frame, at));
  const [stats] = play.intake.stats();
  return {
    venue: plugin.manifest.id,
    frames: frames.length,
    unknown: stats.unknown,
    rejected: stats.rejected,
    reasons: [...new Set(messages.flat().flatMap((one) => (one.kind === 'rejected' ? [one.reason] : [])))],
    gaps: stats.gaps,
    crossed: play.crossed,
    sequences: sequencesOf(messages),
    markets: infos.map((info, index) => {
      const study = studies.get(nativeOf(info.id)) ?? new Study(info);
      const { book } = study;
      const { negRisk, minSize, yesToken, noToken } = info.venueData;
      return {
        market: info.id,
        frames: Object.fromEntries(study.types),
        levels: book.count(BID) + book.count(ASK),
        bestBid: book.count(BID) > 0 ? book.best(BID) : null,
        bestAsk: book.count(ASK) > 0 ? book.best(ASK) : null,
        book: [...book.toLevels()],
        trusted: play.intake.state(index as MarketRef).trusted,
        gaps: study.spans.filter((span) => span.reason === 'gap').length,
        hashPassed: study.passed,
        hashFailed: study.failed,
        found: (negRisk && minSize ? { negRisk, minSize } : {}) as Record<string, string>,
        tokens: [yesToken ?? '', noToken ?? ''].filter((token) => token !== ''),
        spans: study.spans,
      };
    }),
  };
}

/** One market while its frames are played. */
class Study {
  readonly types = new Map<string, number>();
  /** Rebuilt from the events intake told: what a tape of this capture would hold. */
  readonly book = new OrderBook();
  readonly spans: BrokenSpan[] = [];
  passed = 0;
  failed = 0;
  /** Book and proof at the first failed hash of the span that is open. */
  evidence: { readonly levels: Float64Array; readonly proof: BookProof } | null = null;

  constructor(readonly info: MarketInfo) {}
}

/** The very intake that runs live, told that every hash counts. */
class Play {
  readonly intake: Intake;
  crossed = 0;
  private at = 0;

  constructor(
    private readonly plugin: VenuePlugin,
    private readonly infos: readonly MarketInfo[],
    private readonly studies: ReadonlyMap<string, Study>,
    private readonly messages: readonly (readonly VenueMessage[])[],
  ) {
    const venue = plugin.manifest.id as VenueId;
    const wires = new Map([[venue, this.watched(plugin.wire)]]);
    this.intake = new Intake({ wires, emit: (event) => this.note(event), hashEveryMs: 0 });
    this.intake.open(
      1,
      venue,
      infos.map((info) => this.intake.market(info)),
    );
  }

  frame(frame: CapturedFrame, at: number): void {
    this.at = at;
    this.intake.frame(1, frame.text, frame.at);
  }

  private watched(wire: VenueWire): VenueWire {
    return {
      ...wire,
      verify: (book, info, proof) => {
        const verdict = wire.verify(book, info, proof);
        const study = this.studies.get(nativeOf(info.id));
        if (study && verdict.kind === 'proven') study.passed += 1;
        if (study && verdict.kind === 'suspect') {
          study.failed += 1;
          study.evidence ??= { levels: study.book.toLevels(), proof: { ...proof, changes: undefined } };
        }
        return verdict;
      },
    };
  }

  private note(event: Unstamped<TapeEvent>): void {
    if (event.kind !== 'book' && event.kind !== 'continuity') return;
    const info = this.infos[event.market];
    const study = info && this.studies.get(nativeOf(info.id));
    if (!study) return;
    if (event.kind === 'book') {
      study.book.apply(event.levels, event.snapshot);
      return;
    }
    if (event.reason === 'crossed') this.crossed += 1;
    const { spans } = study;
    const frame = this.at + 1;
    if (!event.trusted) {
      spans.push({
        fromFrame: frame,
        toFrame: null,
        reason: event.reason,
        detail: event.detail,
        restated: [],
        lost: null,
      });
      return;
    }
    const last = spans.at(-1);
    if (last) spans[spans.length - 1] = this.ended(last, study, frame);
    study.evidence = null;
  }

  private ended(span: BrokenSpan, study: Study, toFrame: number): BrokenSpan {
    const changes = this.messages[this.at].flatMap((message) =>
      message.kind === 'book' && message.mode !== 'snapshot' && message.native === nativeOf(study.info.id)
        ? [...message.levels]
        : [],
    );
    const restated: string[] = [];
    for (let i = 0; i < changes.length; i += 3)
      restated.push(
        `${changes[i] === BID ? 'bid' : 'ask'} ${formatPrice(changes[i + 1])} = ${formatSize(changes[i + 2])}`,
      );
    const { evidence } = study;
    const lost =
      span.reason === 'hash-mismatch' && evidence
        ? inferLostChange(this.plugin.wire, study.info, evidence.levels, evidence.proof, Float64Array.from(changes))
        : null;
    return { ...span, toFrame, restated, lost };
  }
}

function countTypes(frame: CapturedFrame, said: readonly VenueMessage[], studies: ReadonlyMap<string, Study>): void {
  const natives = new Set(said.map(nativeOfMessage));
  for (const entry of entriesOf(frame)) {
    const msg = isObject(entry['msg']) ? entry['msg'] : entry;
    const named = msg['market_ticker'] ?? msg['market'];
    const native =
      typeof named === 'string' && studies.has(named) ? named : natives.size === 1 ? [...natives][0] : null;
    const type = entry['event_type'] ?? entry['type'];
    const study = native === null ? undefined : studies.get(native);
    const name = typeof type === 'string' ? type : 'bids' in entry ? 'book' : 'untyped';
    study?.types.set(name, (study.types.get(name) ?? 0) + 1);
  }
}

function sequencesOf(messages: readonly (readonly VenueMessage[])[]): CaptureReport['sequences'] {
  const sequences: Record<string, { first: number; last: number; count: number }> = {};
  for (const said of messages) {
    const numbered = new Set<string>();
    for (const message of said) {
      const { sequence } = message as { readonly sequence?: { readonly stream: string; readonly seq: number } };
      if (!sequence || numbered.has(`${sequence.stream} ${sequence.seq}`)) continue;
      numbered.add(`${sequence.stream} ${sequence.seq}`);
      const seen = (sequences[sequence.stream] ??= { first: sequence.seq, last: sequence.seq, count: 0 });
      seen.last = sequence.seq;
      seen.count += 1;
    }
  }
  return sequences;
}

/** `bid 0.27` of YES is `ask 0.73` of NO. */
export function mirrored(side: 'bid' | 'ask', micros: number): string {
  return `${side === 'bid' ? 'ask' : 'bid'} ${formatPrice(PRICE_ONE - micros)}`;
}
