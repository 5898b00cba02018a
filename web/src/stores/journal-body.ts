import type { Entry } from './journal-order';

/** Journal bodies arrive as JSON; these read the few fields the page draws and say `null` when one is missing. */
export interface FillBody {
  readonly market: string;
  readonly outcome: 'yes' | 'no';
  readonly action: 'buy' | 'sell';
  readonly size: number;
  readonly notional: number;
  readonly fee: number;
  readonly cashDelta: number;
  readonly signalId: string;
  /** Average price of the outcome, micro-dollars. */
  readonly price: number;
}

export interface SettlementBody {
  readonly market: string;
  readonly outcome: 'yes' | 'no';
  readonly size: number;
  readonly payout: number;
  readonly cost: number;
  readonly realised: number;
  readonly how: string;
}

function record(body: unknown): Record<string, unknown> | null {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
}
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function fillOf(entry: Entry): FillBody | null {
  const body = record(entry.body);
  if (entry.kind !== 'fill' || !body) return null;
  const size = number(body['size']);
  const notional = number(body['notional']);
  return {
    market: text(body['market']),
    outcome: body['outcome'] === 'no' ? 'no' : 'yes',
    action: body['action'] === 'sell' ? 'sell' : 'buy',
    size,
    notional,
    fee: number(body['fee']),
    cashDelta: number(body['cashDelta']),
    signalId: text(body['signalId']),
    price: size > 0 ? Math.round((notional * 100) / size) : 0,
  };
}

export function settlementOf(entry: Entry): SettlementBody | null {
  const body = record(entry.body);
  if (entry.kind !== 'settlement' || !body) return null;
  return {
    market: text(body['market']),
    outcome: body['outcome'] === 'no' ? 'no' : 'yes',
    size: number(body['size']),
    payout: number(body['payout']),
    cost: number(body['cost']),
    realised: number(body['realised']),
    how: text(body['how']),
  };
}

/** Where an entry's story can be traced from. */
export function signalOf(entry: Entry): string | null {
  const value = record(entry.body)?.['signalId'];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** One failed check of the gate, as stored: numbers in the rule's own unit, `null` where the rule has none. */
export interface RefusalBody {
  readonly rule: string;
  readonly message: string;
  readonly limit: number | null;
  readonly use: number | null;
  readonly asked: number | null;
  readonly headroom: number | null;
  readonly unit: string;
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Every reason of a denial, most important first; empty for other entries. */
export function refusalsOf(entry: { readonly kind: string; readonly body: unknown }): RefusalBody[] {
  const list = entry.kind === 'denial' ? record(entry.body)?.['refusals'] : null;
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: unknown) => {
    const said = record(each);
    if (!said) return [];
    return [
      {
        rule: text(said['rule']),
        message: text(said['message']),
        limit: numberOrNull(said['limit']),
        use: numberOrNull(said['use']),
        asked: numberOrNull(said['asked']),
        headroom: numberOrNull(said['headroom']),
        unit: text(said['unit']),
      },
    ];
  });
}

/** By how much the order missed the limit: beyond it, or short of it where the limit is a least. `null` without numbers. */
export function missedBy({ rule, limit, use, asked }: RefusalBody): { label: string; amount: number } | null {
  if (limit === null || (use === null && asked === null)) return null;
  const would = (use ?? 0) + (asked ?? 0);
  return rule === 'below-minimum'
    ? { label: 'Short by', amount: Math.max(0, limit - would) }
    : { label: 'Over by', amount: Math.max(0, would - limit) };
}

/** How often an equal denial came in a row; 1 for other entries. */
export function timesOf(entry: { readonly body: unknown }): number {
  return Math.max(1, number(record(entry.body)?.['count']));
}
