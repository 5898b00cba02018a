import { UserProblem } from '#core';
import type { Outcome, Venue } from '../model/question.types.js';

/** What a venue may do wrong on the wire while a fault lasts. */
export const WIRE_FAULTS = [
  'silence',
  'drop',
  'duplicate',
  'reorder',
  'garbage',
  'slow-drip',
  'disconnect',
  'clock-skew',
  'wrong-hash',
  'rest-error',
  'rest-slow',
] as const;
/** What a person may force on a market; it stays. */
export const MARKET_ACTS = ['fee-change', 'tick-size-change', 'resolve', 'resolve-5050', 'void'] as const;

export type WireFault = (typeof WIRE_FAULTS)[number];
export type MarketAct = (typeof MARKET_ACTS)[number];

export interface Fault {
  readonly kind: WireFault;
  readonly venue: Venue;
  readonly forMs: number;
  /** Share of frames concerned, 0 … 1. */
  readonly share: number;
  /** `clock-skew`: added to every time the venue tells. */
  readonly offsetMs?: number;
  /** `rest-error`: status to answer. */
  readonly status?: number;
  /** `rest-slow`: wait before answering. */
  readonly delayMs?: number;
  /** `disconnect`: close code; without one the socket is cut. */
  readonly code?: number;
}

export interface Act {
  readonly kind: MarketAct;
  readonly venue: Venue | null;
  /** Native id at its venue; `null`: one that is open, chosen by the feed. */
  readonly market: string | null;
  readonly outcome?: Outcome;
  /** `fee-change`: Polymarket rate or Kalshi multiplier. */
  readonly value?: number;
}

export type Misbehaviour =
  | { readonly act: Act; readonly fault?: undefined }
  | { readonly fault: Fault; readonly act?: undefined };

/** Faults in force, by venue. Time is the wall's, as everything on the wire. */
export class Faults {
  readonly #until: { readonly fault: Fault; readonly until: number }[] = [];

  constructor(readonly now: () => number = Date.now) {}

  add(fault: Fault): void {
    this.#until.push({ fault, until: this.now() + fault.forMs });
  }

  active(venue: Venue, kind: WireFault): Fault | null {
    if (this.#until.length === 0) return null;
    const now = this.now();
    for (let i = this.#until.length - 1; i >= 0; i--) if (this.#until[i].until <= now) this.#until.splice(i, 1);
    return this.#until.find(({ fault }) => fault.venue === venue && fault.kind === kind)?.fault ?? null;
  }

  skew(venue: Venue): number {
    return this.active(venue, 'clock-skew')?.offsetMs ?? 0;
  }

  list(): readonly Fault[] {
    const now = this.now();
    return this.#until.filter(({ until }) => until > now).map(({ fault }) => fault);
  }

  clear(): void {
    this.#until.length = 0;
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** Reads the body of `POST /control/misbehave`; a complaint names the field. */
export function readMisbehaviour(value: unknown): readonly Misbehaviour[] {
  const body = record(value);
  const kind = body['kind'];
  const venue = body['venue'];
  if (venue !== undefined && venue !== null && venue !== 'kalshi' && venue !== 'polymarket') {
    throw new UserProblem('venue is not known', [
      { path: '/venue', message: 'kalshi, polymarket, or left out for both' },
    ]);
  }
  const number = (name: string): number | undefined => {
    const given = body[name];
    if (given === undefined) return undefined;
    if (typeof given !== 'number' || !Number.isFinite(given))
      throw new UserProblem(`${name} is not a number`, [{ path: `/${name}`, message: 'a number' }]);
    return given;
  };
  if (MARKET_ACTS.includes(kind as MarketAct)) {
    const outcome = body['outcome'];
    if (kind === 'resolve' && outcome !== 'yes' && outcome !== 'no') {
      throw new UserProblem('outcome is missing', [{ path: '/outcome', message: 'yes or no' }]);
    }
    const market = body['market'];
    return [
      {
        act: {
          kind: kind as MarketAct,
          venue: (venue as Venue | undefined) ?? null,
          market: typeof market === 'string' ? market : null,
          ...(kind === 'resolve' ? { outcome: outcome as Outcome } : {}),
          ...(kind === 'resolve-5050' ? { outcome: 'half' as const } : {}),
          ...(kind === 'void' ? { outcome: 'void' as const } : {}),
          value: number('value'),
        },
      },
    ];
  }
  if (!WIRE_FAULTS.includes(kind as WireFault)) {
    throw new UserProblem('kind is not known', [
      { path: '/kind', message: [...WIRE_FAULTS, ...MARKET_ACTS].join(', ') },
    ]);
  }
  const fault = {
    kind: kind as WireFault,
    forMs: number('forMs') ?? 10_000,
    share: number('share') ?? (kind === 'drop' || kind === 'garbage' ? 0.1 : 0.25),
    offsetMs: number('offsetMs') ?? (kind === 'clock-skew' ? 30_000 : undefined),
    status: number('status'),
    delayMs: number('delayMs'),
    code: number('code'),
  };
  return (venue ? [venue as Venue] : (['kalshi', 'polymarket'] as const)).map((each) => ({
    fault: { ...fault, venue: each },
  }));
}

/**
 * Reads `--misbehave "kind[:venue][:detail…]@second[+seconds],…"`, where a detail is `name=value` of the control call, for
 * example `disconnect:kalshi@30,silence:polymarket@60+20,resolve:outcome=yes@90`.
 */
export function readSchedule(
  text: string,
): readonly { readonly atMs: number; readonly body: Readonly<Record<string, unknown>> }[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([a-z0-9-]+)((?::[^@:]+)*)@(\d+(?:\.\d+)?)(?:\+(\d+(?:\.\d+)?))?$/.exec(part);
      if (!match)
        throw new UserProblem(`--misbehave: ${JSON.stringify(part)} is not kind[:venue][:name=value]@second[+seconds]`);
      const body: Record<string, unknown> = { kind: match[1] };
      for (const detail of match[2].split(':').filter(Boolean)) {
        const [name, value] = detail.split('=');
        if (value === undefined) body['venue'] = name;
        else body[name] = Number.isNaN(Number(value)) ? value : Number(value);
      }
      if (match[4] !== undefined) body['forMs'] = Number(match[4]) * 1_000;
      readMisbehaviour(body);
      return { atMs: Number(match[3]) * 1_000, body };
    });
}
