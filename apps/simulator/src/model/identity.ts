import { createHash } from 'node:crypto';
import { QUESTIONS } from './catalogue.js';
import type { Question, Venue } from './question.types.js';

/**
 * Names of markets at the venues. Each holds slot and generation, so that a name seen yesterday is understood after any
 * restart without keeping a list.
 */
export interface PolymarketNames {
  /** `conditionId`: 0x and 64 hex digits. */
  readonly condition: string;
  /** Token ids of outcome 0 and 1, decimal. */
  readonly tokens: readonly [string, string];
  readonly gammaId: string;
  readonly eventId: string;
  readonly slug: string;
  readonly eventSlug: string;
  /** Shared by the markets of a neg-risk event. */
  readonly negRiskId: string;
}

export interface KalshiNames {
  readonly series: string;
  readonly event: string;
  readonly ticker: string;
  readonly marketId: string;
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const pad = (value: number, width: number): string => value.toString(16).padStart(width, '0');

export function polymarketNames(seed: number, question: Question): PolymarketNames {
  const { def, slot, generation } = question;
  const tail = `${pad(slot, 2)}${pad(generation, 8)}`;
  const token = (outcome: 0 | 1): string =>
    BigInt(
      `0x${hex(`${seed}|${def.key}|${generation}|token${outcome}`).slice(0, 52)}${pad(outcome, 2)}${tail}`,
    ).toString();
  const round = def.periodMs ? `-round-${generation}` : '';
  return {
    condition: `0x${hex(`${seed}|${def.key}|${generation}|condition`).slice(0, 54)}${tail}`,
    tokens: [token(0), token(1)],
    gammaId: String((slot + 1) * 100_000_000 + generation),
    eventId: String((eventSlot(question) + 101) * 100_000_000 + generation),
    slug: `${def.key}${round}`,
    eventSlug: `${def.group ?? `${def.key}-event`}${round}`,
    negRiskId: `0x${hex(`${seed}|${def.group ?? def.key}|${generation}|neg-risk`)}`,
  };
}

export function kalshiNames(seed: number, question: Question): KalshiNames {
  const { def, generation } = question;
  const series = `KX${(def.group ?? def.key).replaceAll('-', '').toUpperCase()}`;
  const event = `${series}-${def.periodMs ? `R${String(generation).padStart(6, '0')}` : '27'}`;
  const suffix = def.group ? def.key.slice(def.key.indexOf('-') + 1).toUpperCase() : 'YES';
  const id = hex(`${seed}|${def.key}|${generation}|kalshi`);
  return {
    series,
    event,
    ticker: `${event}-${suffix}`,
    marketId: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
  };
}

export interface Place {
  readonly slot: number;
  readonly generation: number;
}

/** Where a condition id, token id, Gamma id or event id points; `null` for one that was never ours. */
export function placeOfCondition(condition: string): Place | null {
  if (!/^0x[0-9a-f]{64}$/.test(condition)) return null;
  return place(parseInt(condition.slice(56, 58), 16), parseInt(condition.slice(58), 16));
}

export function placeOfToken(token: string): (Place & { readonly outcome: 0 | 1 }) | null {
  if (!/^\d{1,78}$/.test(token)) return null;
  const digits = BigInt(token).toString(16).padStart(64, '0');
  const found = place(parseInt(digits.slice(-10, -8), 16), parseInt(digits.slice(-8), 16));
  return found && { ...found, outcome: digits.slice(-12, -10) === '01' ? 1 : 0 };
}

export function placeOfGammaId(id: string): Place | null {
  const value = Number(id);
  return Number.isSafeInteger(value) ? place(Math.floor(value / 100_000_000) - 1, value % 100_000_000) : null;
}

export function placeOfEventId(id: string): Place | null {
  const value = Number(id);
  return Number.isSafeInteger(value) ? place(Math.floor(value / 100_000_000) - 101, value % 100_000_000) : null;
}

/** Slots by what a Kalshi ticker or event ticker starts with; generation from its round. */
export function placesOfTicker(ticker: string): readonly Place[] {
  const match = /^(KX[A-Z0-9]+)-(27|R(\d{6}))(?:-([A-Z0-9]+))?$/.exec(ticker);
  if (!match) return [];
  const generation = match[3] ? Number(match[3]) : 0;
  return QUESTIONS.flatMap((def, slot) => {
    if (Boolean(def.periodMs) !== Boolean(match[3]) || !def.venues.includes('kalshi')) return [];
    if (`KX${(def.group ?? def.key).replaceAll('-', '').toUpperCase()}` !== match[1]) return [];
    const suffix = def.group ? def.key.slice(def.key.indexOf('-') + 1).toUpperCase() : 'YES';
    return match[4] === undefined || match[4] === suffix ? [{ slot, generation }] : [];
  });
}

function place(slot: number, generation: number): Place | null {
  const def = QUESTIONS[slot];
  if (!def || !Number.isSafeInteger(generation) || (!def.periodMs && generation !== 0)) return null;
  return { slot, generation };
}

/** The event of a group is numbered by its first question's slot. */
function eventSlot(question: Question): number {
  return question.def.group ? QUESTIONS.findIndex((def) => def.group === question.def.group) : question.slot;
}

/** Whether Polymarket's outcome 0 is the question's NO. */
export const isInverse = (question: Question, venue: Venue): boolean =>
  venue === 'polymarket' && Boolean(question.def.inverseAtPolymarket);
