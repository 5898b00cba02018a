import { ASK, BID, type Instant, type TrustLoss, type Levels } from '#core';
import type { BookProof, Verdict } from '#plugin-sdk';
import type { MarketEntry, Turn } from './market-entry.js';

/** A hash may be early by a frame (a trade's price or a new tick enters it before its own message): that is no proof. */
const SUSPICIONS = 3;
const SUSPECTED_MS = 2000;
const NONE: readonly MarketEntry[] = [];

/**
 * What the venue says of a book against the book itself. A wrong top is a loss at once. A wrong hash is a suspicion:
 * it becomes a loss at its third moment or after two seconds, and in a capture, where every frame is checked, at once.
 */
export class Prover {
  private readonly suspects = new Set<MarketEntry>();

  constructor(
    private readonly lose: (market: MarketEntry, reason: TrustLoss, detail: string) => void,
    private readonly hashEveryMs: number,
  ) {}

  check(market: MarketEntry, turn: Turn, at: Instant): 'proven' | 'unproven' | 'wrong' {
    const { proofs } = turn;
    for (let i = 0; i < proofs.size; i++) {
      const proof = proofs.at(i);
      Object.assign(market.spelled, proof.spelled);
      if (!isWrongTop(market, proof)) continue;
      const { book } = market;
      const detail = `best bid ${book.best(BID)}, best ask ${book.best(ASK)} are not what the venue says`;
      this.suspect(market, at, SUSPICIONS, 'top-mismatch', detail);
      return 'wrong';
    }
    if (market.suspicions === 0 && market.trusted && at - market.hashedAt < this.hashEveryMs) return 'unproven';
    const { tally } = market.venue;
    let proven = false;
    let wrong: Extract<Verdict, { kind: 'suspect' }> | null = null;
    for (let i = 0; i < proofs.size; i++) {
      const proof = proofs.at(i);
      if (proof.hash === null) continue;
      market.hashedAt = at;
      const verdict = this.verify(market, proof, turn.levels ?? undefined);
      if (verdict.kind === 'proven') {
        proven = true;
        tally.hashPassed += 1;
      } else if (verdict.kind === 'suspect') {
        wrong ??= verdict;
        tally.hashFailed += 1;
        market.failed = { proof, version: market.version };
      }
    }
    if (wrong === null) {
      if (proven) this.acquit(market);
      return proven ? 'proven' : 'unproven';
    }
    if (turn.venueAt === null || turn.venueAt !== market.suspectedVenueAt)
      this.suspect(market, at, this.hashEveryMs === 0 ? SUSPICIONS : 1, wrong.reason, wrong.detail);
    market.suspectedVenueAt = turn.venueAt;
    return 'wrong';
  }

  /** True when what failed last on this very book is proven now. */
  reconsider(market: MarketEntry): boolean {
    const { failed } = market;
    if (failed === null || failed.version !== market.version || !market.known) return false;
    if (this.verify(market, failed.proof, undefined).kind !== 'proven') return false;
    market.venue.tally.hashPassed += 1;
    this.acquit(market);
    return true;
  }

  acquit(market: MarketEntry): void {
    market.failed = null;
    this.dismiss(market);
  }

  /** There is nothing left to suspect: the book is lost. What failed last may still be explained. */
  dismiss(market: MarketEntry): void {
    market.suspicions = 0;
    market.suspectedVenueAt = null;
    this.suspects.delete(market);
  }

  expire(at: Instant): readonly MarketEntry[] {
    if (this.suspects.size === 0) return NONE;
    const over = [...this.suspects].filter((market) => at - market.suspectedAt > SUSPECTED_MS);
    for (const market of over) this.lose(market, 'hash-mismatch', 'nothing has explained the venue’s hash');
    return over;
  }

  private verify(market: MarketEntry, proof: BookProof, changes: Levels | undefined): Verdict {
    const { wire } = market.venue;
    if (!wire) return { kind: 'unproven' };
    const spelled = { ...market.spelled, ...proof.spelled };
    const verdict = wire.verify(market.book, market.info, { ...proof, spelled, changes });
    if (verdict.kind === 'proven' && verdict.spelled) Object.assign(market.spelled, verdict.spelled);
    return verdict;
  }

  private suspect(market: MarketEntry, at: Instant, weight: number, reason: TrustLoss, detail: string): void {
    if (!market.trusted) return;
    if (market.suspicions === 0) market.suspectedAt = at;
    market.suspicions += weight;
    if (market.suspicions >= SUSPICIONS || at - market.suspectedAt > SUSPECTED_MS) {
      this.lose(market, reason, detail);
    } else this.suspects.add(market);
  }
}

function isWrongTop(market: MarketEntry, proof: BookProof): boolean {
  const { book } = market;
  if (proof.bestBid !== undefined && (proof.bestBid ?? -1) !== book.best(BID)) return true;
  return proof.bestAsk !== undefined && (proof.bestAsk ?? -1) !== book.best(ASK);
}
