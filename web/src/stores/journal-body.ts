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
