import { Type, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Act, GroupInfo, Link, MarketInfo, TapeEvent, Unstamped, VenueId } from '#core';
import type { InboxItem } from '#data';
import type { LifecycleMessage } from '#plugin-sdk';

/** What an inbox row asks of the lane, its body checked. */
export type Wish =
  | { readonly kind: 'event'; readonly event: Unstamped<TapeEvent> }
  | { readonly kind: 'market'; readonly info: MarketInfo }
  | { readonly kind: 'group'; readonly group: GroupInfo }
  | { readonly kind: 'lifecycle'; readonly venue: VenueId; readonly messages: readonly LifecycleMessage[] }
  | { readonly kind: 'refused'; readonly reason: string };

const text = Type.String();
const id = Type.String({ minLength: 1 });
const whole = Type.Integer();
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const record = Type.Record(Type.String(), Type.Unknown());

const Limits = Type.Object({
  maxPositionSize: whole,
  maxMarketCost: whole,
  maxGroupLoss: whole,
  maxClusterLoss: whole,
  maxGross: whole,
  maxVenue: whole,
  maxNaked: whole,
  ordersPerSecond: Type.Number(),
  orderBurst: Type.Number(),
  maxOpenOrders: whole,
  maxCancelRatio: whole,
  maxQuoteAgeMs: whole,
  maxThroughAsk: whole,
  maxThroughFair: whole,
  maxDepthShare: whole,
  maxDailyLoss: whole,
  maxDrawdown: whole,
  tripCooldownMs: whole,
  maxLosingCloses: whole,
  losingCooldownMs: whole,
  dayZone: id,
});
const Mode = Type.Union([Type.Literal('off'), Type.Literal('shadow'), Type.Literal('paper')]);
const AnyAct = Type.Union([
  Type.Object({
    kind: Type.Literal('account'),
    account: Type.Object({
      id,
      title: text,
      openingCash: whole,
      limits: Limits,
      kalshiPrecision: Type.Union([Type.Literal('direct'), Type.Literal('cent')]),
    }),
  }),
  Type.Object({
    kind: Type.Literal('workflow'),
    workflow: Type.Object({
      id,
      version: whole,
      title: text,
      plugin: id,
      pluginVersion: id,
      config: record,
      scope: Type.Object({
        venues: Type.Array(text),
        categories: Type.Array(text),
        groups: Type.Array(text),
        markets: Type.Array(text),
        links: Type.Array(text),
        text,
      }),
      account: id,
      mode: Mode,
      limits: Type.Partial(Limits),
      models: Type.Array(Type.Object({ plugin: id, version: id, config: record })),
    }),
  }),
  Type.Object({ kind: Type.Literal('workflow-archived'), workflow: id }),
  Type.Object({ kind: Type.Literal('workflow-resumed'), workflow: id }),
  Type.Object({
    kind: Type.Literal('enablement'),
    settings: Type.Array(Type.Object({ plugin: id, target: Type.Object({ kind: id, id }), mode: nullable(Mode) })),
  }),
  Type.Object({ kind: Type.Literal('kill-switch'), on: Type.Boolean(), account: nullable(id), reason: text }),
  Type.Object({ kind: Type.Literal('reset-halt'), account: id }),
  Type.Object({ kind: Type.Literal('deposit'), account: id, amount: whole }),
]);
const LinkBody = Type.Object({
  id,
  version: whole,
  a: id,
  b: id,
  polarity: Type.Union([Type.Literal('same'), Type.Literal('inverse')]),
  state: Type.Union([Type.Literal('proposed'), Type.Literal('reviewed'), Type.Literal('rejected')]),
  mismatch: nullable(Type.Number({ minimum: 0, maximum: 1 })),
  differences: Type.Array(text),
  reviewedBy: nullable(text),
});
const marketIdText = Type.String({ pattern: '^[^:]+:.+' });
const MarketBody = Type.Object({
  id: marketIdText,
  group: nullable(text),
  title: text,
  rules: text,
  category: text,
  status: id,
  grid: Type.Array(Type.Object({ start: whole, end: whole, step: whole }), { minItems: 1 }),
  minSize: whole,
  sizeStep: whole,
  fees: nullable(Type.Array(Type.Object({ from: Type.Number(), rule: Type.Object({ kind: id }) }), { minItems: 1 })),
  closesAt: nullable(whole),
  paysAt: nullable(whole),
  venueData: Type.Record(Type.String(), text),
});
const GroupBody = Type.Object({
  id: marketIdText,
  title: text,
  markets: Type.Array(marketIdText),
  exclusive: Type.Boolean(),
  exhaustive: Type.Boolean(),
  augmented: Type.Boolean(),
});
const LifecycleBody = Type.Object({
  venue: id,
  messages: Type.Array(
    Type.Object({
      kind: Type.Literal('lifecycle'),
      native: id,
      status: nullable(id),
      venueAt: nullable(Type.Number()),
    }),
  ),
});
const share = Type.Number({ minimum: 0, maximum: 1 });
const NewsBody = Type.Object({
  item: Type.Object({
    id,
    source: id,
    publishedAt: nullable(whole),
    title: text,
    url: nullable(text),
    novelty: share,
    touches: Type.Array(
      Type.Object({
        market: marketIdText,
        relevance: share,
        stance: Type.Number({ minimum: -1, maximum: 1 }),
        confidence: share,
      }),
    ),
  }),
});

const checks = {
  act: Compile(AnyAct),
  link: Compile(LinkBody),
  market: Compile(MarketBody),
  group: Compile(GroupBody),
  lifecycle: Compile(LifecycleBody),
  parameters: Compile(Type.Object({ plugin: id, key: text, value: Type.Unknown() })),
  latency: Compile(Type.Object({ venue: id, orderMs: Type.Integer({ minimum: 0, maximum: 600_000 }) })),
  news: Compile(NewsBody),
} as const;

const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null && name in body ? (body as Record<string, unknown>)[name] : body;

/**
 * Reads one inbox row. A body that is not what its kind promises is refused with a sentence: the row is answered all
 * the same, because a row that stops the lane would stop it again after every restart.
 */
export function readWish(item: InboxItem): Wish {
  const kind = item.kind as keyof typeof checks;
  if (!Object.hasOwn(checks, kind))
    return { kind: 'refused', reason: `inbox rows of kind ${JSON.stringify(item.kind)} are not known` };
  const inner =
    kind === 'act' || kind === 'link' || kind === 'group'
      ? field(item.body, kind)
      : kind === 'market'
        ? field(item.body, 'info')
        : item.body;
  const check = checks[kind];
  const fits: boolean = check.Check(inner);
  if (!fits) {
    const [first] = check.Errors(inner);
    return {
      kind: 'refused',
      reason: `${kind} ${first ? `${first.instancePath || '/'} ${first.message}` : 'is not as it should be'}`,
    };
  }
  switch (kind) {
    case 'act':
      return { kind: 'event', event: { kind: 'act', id: item.id, by: item.by, act: inner as Act } };
    case 'link':
      return { kind: 'event', event: { kind: 'link', link: inner as Link } };
    case 'market':
      return { kind: 'market', info: inner as MarketInfo };
    case 'group':
      return { kind: 'group', group: inner as GroupInfo };
    case 'lifecycle': {
      const { venue, messages } = inner as { venue: VenueId; messages: LifecycleMessage[] };
      return { kind: 'lifecycle', venue, messages };
    }
    case 'parameters':
    case 'latency':
    case 'news':
      return { kind: 'event', event: { ...(inner as object), kind } as Unstamped<TapeEvent> };
  }
}
