import type { Pool } from '#data';
import type { GroupInfo, Instant, Link, MarketId, MarketInfo } from '#core';

export interface KnownMarket {
  readonly info: MarketInfo;
  readonly trusted: boolean;
}

/** What the committed tape knows of markets, groups and links: the state that jobs compare a venue's answer with. */
export class KnownQuery {
  constructor(private readonly pool: Pool) {}

  async markets(lane: number, venue: string): Promise<Map<string, KnownMarket>> {
    const { rows } = await this.pool.query<{ id: string; info: MarketInfo; trusted: boolean }>(
      `SELECT id, info, trusted FROM market_state WHERE lane = $1 AND venue = $2 ORDER BY ref`,
      [lane, venue],
    );
    return new Map(rows.map(({ id, info, trusted }) => [id, { info, trusted }]));
  }

  async groups(lane: number): Promise<Map<string, GroupInfo>> {
    const { rows } = await this.pool.query<{ id: string; body: GroupInfo }>(
      `SELECT id, body FROM group_state WHERE lane = $1`,
      [lane],
    );
    return new Map(rows.map(({ id, body }) => [id, body]));
  }

  async links(lane: number): Promise<Map<string, Link>> {
    const { rows } = await this.pool.query<{ id: string; body: Link }>(
      `SELECT id, body FROM link_state WHERE lane = $1`,
      [lane],
    );
    return new Map(rows.map(({ id, body }) => [id, body]));
  }

  /** Markets in which any account holds something. */
  async held(lane: number): Promise<Set<MarketId>> {
    const { rows } = await this.pool.query<{ market: MarketId }>(
      `SELECT DISTINCT position ->> 'market' AS market FROM account_state, jsonb_array_elements(state -> 'positions') AS position WHERE lane = $1`,
      [lane],
    );
    return new Set(rows.map(({ market }) => market));
  }

  /** Markets that paid some account after `since`, the newest first. */
  async paid(lane: number, since: Instant, most: number): Promise<Set<MarketId>> {
    const { rows } = await this.pool.query<{ market: MarketId }>(
      `SELECT body ->> 'market' AS market FROM journal WHERE kind = 'settlement' AND lane = $1 AND at > $2
       ORDER BY at DESC LIMIT $3`,
      [lane, since, most],
    );
    return new Set(rows.map(({ market }) => market));
  }
}
