import type { GroupId, MarketId, VenueId } from '../ids.js';
import {
  clusterOf,
  eventOf,
  exposureOf,
  worstLoss,
  type EventRisk,
  type Exposure,
  type GroupShape,
  type Holding,
  type LinksOf,
  type Losses,
} from './exposure.js';

/** What is at risk, by whoever keeps it. */
export interface KeptRisk {
  readonly exposure: Pick<Exposure, 'gross' | 'byVenue' | 'byMarket'>;
  losses(): Losses;
  /** See `KeptExposure.after`. */
  after(legs: readonly Holding[]): Losses | null;
}

/** Markets that links join, directly or by way of others: what is paired in one of them may depend on all of them. */
interface Joined {
  readonly markets: readonly MarketId[];
  part: Part;
  stale: boolean;
}

/** What joined markets add to their events. */
interface Part {
  readonly byEvent: ReadonlyMap<string, EventRisk>;
  /** Markets of one event are of different categories: then the order in which they were bought says whose it is. */
  readonly mixed: boolean;
}

interface Weighed {
  readonly loss: number;
  readonly cluster: string;
  readonly mixed: boolean;
}

interface EventSum extends Weighed {
  readonly of: Set<Joined>;
}

const NOTHING: Part = { byEvent: new Map(), mixed: false };

/**
 * What `exposureOf` and `lossesOf` add up, kept as single markets change: a change costs what its own event and the markets
 * linked with it cost, however much is held elsewhere. Links and the shapes of groups must stay what they are; when they
 * change, what is held goes into a new one.
 */
export class KeptExposure implements Pick<Exposure, 'gross' | 'byVenue' | 'byMarket'> {
  gross = 0;
  readonly byVenue = new Map<VenueId, number>();
  readonly byMarket = new Map<MarketId, { size: number; cost: number }>();
  private readonly held = new Map<MarketId, readonly Holding[]>();
  private readonly joins = new Map<MarketId, Joined>();
  private readonly events = new Map<string, EventSum>();
  private readonly worst: Losses = { byEvent: new Map(), byCluster: new Map() };
  private stale: Joined[] = [];
  private mixed = 0;

  constructor(
    private readonly linksOf: LinksOf,
    private readonly shape: (group: GroupId) => GroupShape | null,
  ) {}

  /** What is held of a market from now on, promised or owned. */
  hold(market: MarketId, holdings: readonly Holding[]): void {
    const before = this.held.get(market);
    if (before === undefined && holdings.length === 0) return;
    for (const one of before ?? []) this.add(one, -1);
    for (const one of holdings) this.add(one, 1);
    if (holdings.length === 0) {
      this.held.delete(market);
      this.byMarket.delete(market);
    } else this.held.set(market, holdings);
    const joined = this.joinedOf(market);
    if (joined.stale) return;
    joined.stale = true;
    this.stale.push(joined);
  }

  /** Worst cases of what is held; `null` where only the order in which it was bought tells them. */
  losses(): Losses | null {
    this.settle();
    return this.mixed > 0 ? null : this.worst;
  }

  /**
   * The worst cases were these bought one after the other: of every event and category they touch, the greatest of those
   * moments. `null` where only the order in which all is bought tells them.
   */
  after(legs: readonly Holding[]): Losses | null {
    this.settle();
    if (this.mixed > 0) return null;
    const most: Losses = { byEvent: new Map(), byCluster: new Map() };
    const added = new Map<MarketId, Holding[]>();
    const parts = new Map<Joined, Part>();
    const losses = new Map<string, number>();
    const clusters = new Map<string, number>();
    for (const [i, leg] of legs.entries()) {
      const more = added.get(leg.market);
      if (more === undefined) added.set(leg.market, [leg]);
      else more.push(leg);
      const joined = this.joinedOf(leg.market);
      const part = this.partOf(joined, added);
      parts.set(joined, part);
      for (const key of new Set([...joined.part.byEvent.keys(), ...part.byEvent.keys()])) {
        const now = this.weigh(key, this.events.get(key)?.of ?? NOBODY, parts);
        if (now.mixed) return null;
        const { loss, cluster } = now;
        const before = losses.get(key) ?? this.worst.byEvent.get(key) ?? 0;
        losses.set(key, loss);
        most.byEvent.set(key, Math.max(most.byEvent.get(key) ?? (i === 0 ? 0 : before), loss));
        const sum = clusters.get(cluster) ?? this.worst.byCluster.get(cluster) ?? 0;
        clusters.set(cluster, sum + loss - before);
      }
      for (const [cluster, sum] of clusters) {
        const before = i === 0 ? 0 : (this.worst.byCluster.get(cluster) ?? 0);
        most.byCluster.set(cluster, Math.max(most.byCluster.get(cluster) ?? before, sum));
      }
    }
    return most;
  }

  private add({ venue, market, size, cost }: Holding, times: 1 | -1): void {
    this.gross += times * cost;
    this.byVenue.set(venue, (this.byVenue.get(venue) ?? 0) + times * cost);
    const sum = this.byMarket.get(market);
    if (sum === undefined) this.byMarket.set(market, { size: times * size, cost: times * cost });
    else {
      sum.size += times * size;
      sum.cost += times * cost;
    }
  }

  private joinedOf(market: MarketId): Joined {
    let joined = this.joins.get(market);
    if (joined !== undefined) return joined;
    const markets = [market];
    for (let i = 0; i < markets.length; i++)
      for (const { a, b } of this.linksOf(markets[i]))
        for (const id of [a, b]) if (!markets.includes(id)) markets.push(id);
    joined = { markets, part: NOTHING, stale: false };
    for (const id of markets) this.joins.set(id, joined);
    return joined;
  }

  /** Counts anew what changed since it was asked last. */
  private settle(): void {
    if (this.stale.length === 0) return;
    const keys = new Set<string>();
    for (const joined of this.stale) {
      joined.stale = false;
      for (const key of joined.part.byEvent.keys()) {
        keys.add(key);
        this.events.get(key)!.of.delete(joined);
      }
      joined.part = this.partOf(joined, NOTHING_MORE);
      for (const key of joined.part.byEvent.keys()) {
        keys.add(key);
        const event = this.events.get(key);
        if (event === undefined) this.events.set(key, { of: new Set([joined]), ...UNWEIGHED });
        else event.of.add(joined);
      }
    }
    this.stale = [];
    for (const key of keys) this.reckon(key);
  }

  private reckon(key: string): void {
    const { byEvent, byCluster } = this.worst;
    const before = this.events.get(key)!;
    if (before.mixed) this.mixed--;
    byCluster.set(before.cluster, (byCluster.get(before.cluster) ?? 0) - before.loss);
    if (before.of.size === 0) {
      this.events.delete(key);
      byEvent.delete(key);
      return;
    }
    const now = this.weigh(key, before.of, NO_PARTS);
    this.events.set(key, { of: before.of, ...now });
    if (now.mixed) this.mixed++;
    byEvent.set(key, now.loss);
    byCluster.set(now.cluster, (byCluster.get(now.cluster) ?? 0) + now.loss);
  }

  /** One event, with other `parts` than those that are held in place of theirs. */
  private weigh(key: string, of: ReadonlySet<Joined>, parts: ReadonlyMap<Joined, Part>): Weighed {
    const risks: EventRisk[] = [];
    let mixed = false;
    const take = (part: Part): void => {
      const risk = part.byEvent.get(key);
      if (risk === undefined) return;
      risks.push(risk);
      mixed ||= part.mixed;
    };
    for (const joined of of) if (!parts.has(joined)) take(joined.part);
    for (const part of parts.values()) take(part);
    if (risks.length === 0) return UNWEIGHED;
    const { group } = risks[0];
    const cluster = clusterOf(risks[0].category);
    let free = risks[0].free;
    let short = risks[0].short;
    for (let i = 1; i < risks.length; i++) {
      free = [...free, ...risks[i].free];
      short += risks[i].short;
      mixed ||= clusterOf(risks[i].category) !== cluster;
    }
    return { loss: worstLoss(free, group === null ? null : this.shape(group)) + short, cluster, mixed };
  }

  private partOf(joined: Joined, added: ReadonlyMap<MarketId, readonly Holding[]>): Part {
    const holdings: Holding[] = [];
    for (const market of joined.markets) holdings.push(...(this.held.get(market) ?? []), ...(added.get(market) ?? []));
    if (holdings.length === 0) return NOTHING;
    const { byEvent } = exposureOf(holdings, this.linksOf);
    const mixed = holdings.some(
      (one) => clusterOf(one.category) !== clusterOf(byEvent.get(eventOf(one))?.category ?? one.category),
    );
    return { byEvent, mixed };
  }
}

const NOBODY: ReadonlySet<Joined> = new Set();
const NO_PARTS: ReadonlyMap<Joined, Part> = new Map();
const NOTHING_MORE: ReadonlyMap<MarketId, readonly Holding[]> = new Map();
const UNWEIGHED: Weighed = { loss: 0, cluster: '', mixed: false };
