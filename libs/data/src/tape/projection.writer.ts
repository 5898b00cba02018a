import type pg from 'pg';
import { venueOf, type JournalEntry, type MarketInfo, type OpportunityEntry, type TapeEvent } from '#core';
import type { TapeBatch } from '../contracts.js';
import { shown, shownJson } from './storable.js';

/**
 * Upserts the rows that screens read, within the commit that appends what changed them. Remembers which market
 * descriptions the database has, because they are long and seldom change while quotes change all the time.
 */
export class ProjectionWriter {
  private readonly known = new Map<number, unknown>();

  /** Whether this batch changes nothing that a screen reads. */
  idle(batch: TapeBatch): boolean {
    const { markets, accounts, sessions } = batch.projection;
    return (
      markets.length + accounts.length + sessions.length + batch.inbox.length === 0 &&
      !batch.journal.some((entry) => entry.kind === 'opportunity') &&
      !batch.events.some((event) => event.kind === 'link' || event.kind === 'group')
    );
  }

  /** Returns what to call once the transaction is committed. */
  async write(client: pg.ClientBase, batch: TapeBatch, at: number): Promise<() => void> {
    const { markets, accounts, sessions } = batch.projection;
    const changed = markets.filter((market) => this.known.get(market.ref) !== market.info);
    const moved =
      changed.length === 0 ? markets : markets.filter((market) => this.known.get(market.ref) === market.info);
    const quoteSeq = new Map(batch.quotes.map(({ quote, seq }) => [quote.market, seq]));
    if (changed.length > 0) await upsertMarkets(client, batch.lane, changed, quoteSeq);
    if (moved.length > 0) await moveMarkets(client, batch.lane, moved, quoteSeq);
    if (accounts.length > 0) await upsertAccounts(client, batch, at);
    if (sessions.length > 0) await upsertSessions(client, batch, at);
    await upsertOpportunities(client, batch.journal);
    await upsertBodies(client, batch);
    if (batch.inbox.length > 0) {
      await client.query({
        name: 'inbox-answer',
        text: 'UPDATE inbox SET seq = done.seq FROM unnest($1::text[], $2::bigint[]) AS done (id, seq) WHERE inbox.id = done.id',
        values: [batch.inbox.map((row) => row.id), batch.inbox.map((row) => row.seq)],
      });
    }
    return () => {
      for (const market of changed) this.known.set(market.ref, market.info);
    };
  }

  /** After a failed commit nobody knows what the database has. */
  forget(): void {
    this.known.clear();
  }
}

type MarketRow = TapeBatch['projection']['markets'][number];

const QUOTE_COLUMNS = [
  'ref',
  'bid',
  'bid_size',
  'ask',
  'ask_size',
  'quote_seq',
  'quote_at',
  'fresh_at',
  'trusted',
  'trust_reason',
] as const;
const QUOTE_TYPES = ['int', 'int', 'bigint', 'int', 'bigint', 'bigint', 'bigint', 'bigint', 'boolean', 'text'] as const;
const quoteValues = (rows: readonly MarketRow[], quoteSeq: ReadonlyMap<number, number>): unknown[][] => [
  rows.map((row) => row.ref),
  rows.map((row) => row.quote?.bid ?? null),
  rows.map((row) => row.quote?.bidSize ?? null),
  rows.map((row) => row.quote?.ask ?? null),
  rows.map((row) => row.quote?.askSize ?? null),
  rows.map((row) => row.quoteSeq ?? quoteSeq.get(row.ref) ?? null),
  rows.map((row) => row.quote?.at ?? null),
  rows.map((row) => row.freshAt),
  rows.map((row) => row.trusted),
  rows.map((row) => shown(row.trustReason)),
];

const arrays = (types: readonly string[], from: number): string =>
  types.map((type, i) => `$${from + i}::${type}[]`).join(', ');

async function upsertMarkets(
  client: pg.ClientBase,
  lane: number,
  rows: readonly MarketRow[],
  quoteSeq: ReadonlyMap<number, number>,
): Promise<void> {
  const infos = rows.map((row) => row.info as MarketInfo);
  const described = ['id', 'venue', 'group_id', 'category', 'title', 'status', 'info'];
  const columns = [...QUOTE_COLUMNS, ...described];
  await client.query({
    name: 'market-upsert',
    text: `INSERT INTO market_state (lane, ${columns.join(', ')})
      SELECT $1, ${QUOTE_COLUMNS.join(', ')}, id, venue, group_id, category, title, status, info::jsonb
      FROM unnest(${arrays([...QUOTE_TYPES, 'text', 'text', 'text', 'text', 'text', 'text', 'text'], 2)}) AS row (${columns.join(', ')})
      ON CONFLICT (lane, ref) DO UPDATE SET ${columns
        .filter((name) => name !== 'ref')
        .map((name) =>
          name === 'quote_seq'
            ? 'quote_seq = COALESCE(excluded.quote_seq, market_state.quote_seq)'
            : `${name} = excluded.${name}`,
        )
        .join(', ')}`,
    values: [
      lane,
      ...quoteValues(rows, quoteSeq),
      rows.map((row) => shown(row.id)),
      infos.map((info) => venueOf(info.id)),
      infos.map((info) => (info.group === null ? null : shown(info.group))),
      infos.map((info) => shown(info.category)),
      infos.map((info) => shown(info.title)),
      infos.map((info) => info.status),
      infos.map(shownJson),
    ],
  });
}

async function moveMarkets(
  client: pg.ClientBase,
  lane: number,
  rows: readonly MarketRow[],
  quoteSeq: ReadonlyMap<number, number>,
): Promise<void> {
  await client.query({
    name: 'market-move',
    text: `UPDATE market_state SET ${QUOTE_COLUMNS.filter((name) => name !== 'ref')
      .map((name) =>
        name === 'quote_seq' ? 'quote_seq = COALESCE(row.quote_seq, market_state.quote_seq)' : `${name} = row.${name}`,
      )
      .join(', ')}
      FROM unnest(${arrays(QUOTE_TYPES, 2)}) AS row (${QUOTE_COLUMNS.join(', ')}) WHERE market_state.lane = $1 AND market_state.ref = row.ref`,
    values: [lane, ...quoteValues(rows, quoteSeq)],
  });
}

async function upsertAccounts(client: pg.ClientBase, batch: TapeBatch, at: number): Promise<void> {
  const { accounts } = batch.projection;
  await client.query({
    name: 'account-upsert',
    text: `INSERT INTO account_state (id, lane, seq, at, state)
      SELECT row.id, $1, $2, $3, row.state::jsonb FROM unnest($4::text[], $5::text[]) AS row (id, state)
      ON CONFLICT (id) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, at = excluded.at, state = excluded.state`,
    values: [
      batch.lane,
      batch.toSeq,
      at,
      accounts.map((account) => account.id),
      accounts.map((account) => shownJson(account.state)),
    ],
  });
  const marked = accounts.flatMap(({ id, state }) => {
    const equity = (state as { readonly equity?: unknown } | null)?.equity;
    return typeof equity === 'number' && Number.isSafeInteger(equity) ? [{ id, equity }] : [];
  });
  if (marked.length === 0) return;
  await client.query({
    name: 'equity-upsert',
    text: `INSERT INTO equity (account, at, equity) SELECT row.account, $1, row.equity FROM unnest($2::text[], $3::bigint[]) AS row (account, equity)
      ON CONFLICT (account, at) DO UPDATE SET equity = excluded.equity WHERE equity.equity <> excluded.equity`,
    values: [at - (at % 1000), marked.map((row) => row.id), marked.map((row) => row.equity)],
  });
}

async function upsertSessions(client: pg.ClientBase, batch: TapeBatch, at: number): Promise<void> {
  const { sessions } = batch.projection;
  await client.query({
    name: 'session-upsert',
    text: `INSERT INTO session_state (id, workflow, lane, seq, at, state)
      SELECT row.id, row.workflow, $1, $2, $3, row.state::jsonb FROM unnest($4::text[], $5::text[], $6::text[]) AS row (id, workflow, state)
      ON CONFLICT (id) DO UPDATE SET workflow = excluded.workflow, lane = excluded.lane, seq = excluded.seq, at = excluded.at, state = excluded.state`,
    values: [
      batch.lane,
      batch.toSeq,
      at,
      sessions.map((session) => session.id),
      // A session's id is `workflow#version`.
      sessions.map((session) =>
        session.id.slice(0, session.id.lastIndexOf('#') < 0 ? undefined : session.id.lastIndexOf('#')),
      ),
      sessions.map((session) => shownJson(session.state)),
    ],
  });
}

async function upsertOpportunities(client: pg.ClientBase, journal: readonly JournalEntry[]): Promise<void> {
  const newest = new Map<string, OpportunityEntry>();
  for (const entry of journal) if (entry.kind === 'opportunity') newest.set(entry.opportunityId, entry);
  if (newest.size === 0) return;
  const rows = [...newest.values()];
  const columns: readonly (readonly [name: string, type: string, values: unknown[]])[] = [
    ['id', 'text', rows.map((row) => row.opportunityId)],
    ['lane', 'int', rows.map((row) => row.lane)],
    ['seq', 'bigint', rows.map((row) => row.seq)],
    ['session', 'text', rows.map((row) => row.session)],
    ['workflow', 'text', rows.map((row) => row.workflow)],
    ['account', 'text', rows.map((row) => row.account)],
    ['phase', 'text', rows.map((row) => row.phase)],
    ['verdict', 'text', rows.map((row) => row.verdict)],
    ['link', 'text', rows.map((row) => row.link)],
    ['group_id', 'text', rows.map((row) => row.group)],
    ['direction', 'text', rows.map((row) => row.direction)],
    ['opened_at', 'bigint', rows.map((row) => row.openedAt)],
    ['best_gross', 'bigint', rows.map((row) => row.bestGross)],
    ['best_net', 'bigint', rows.map((row) => row.bestNet)],
    ['size', 'bigint', rows.map((row) => row.size)],
    ['signal_id', 'text', rows.map((row) => row.signalId)],
    ['reason', 'text', rows.map((row) => shown(row.reason))],
    ['updated_at', 'bigint', rows.map((row) => row.at)],
    ['closed_at', 'bigint', rows.map((row) => (row.phase === 'closed' ? row.at : null))],
    ['waterfall', 'text', rows.map((row) => shownJson(row.waterfall))],
    // unnest would flatten arrays of arrays: they travel as JSON.
    ['markets', 'text', rows.map((row) => shownJson(row.markets))],
  ];
  const names = columns.map(([name]) => name);
  const selected = names.map((name) =>
    name === 'waterfall'
      ? 'waterfall::jsonb'
      : name === 'markets'
        ? 'ARRAY(SELECT jsonb_array_elements_text(markets::jsonb))'
        : name,
  );
  await client.query({
    name: 'opportunity-upsert',
    text: `INSERT INTO opportunity (${names.join(', ')}) SELECT ${selected.join(', ')}
      FROM unnest(${arrays(
        columns.map(([, type]) => type),
        1,
      )}) AS row (${names.join(', ')})
      ON CONFLICT (id) DO UPDATE SET ${names
        .filter((name) => name !== 'id')
        .map((name) => `${name} = excluded.${name}`)
        .join(', ')}`,
    values: columns.map(([, , values]) => values),
  });
}

/** Newest version of each link and group the batch carries. */
async function upsertBodies(client: pg.ClientBase, batch: TapeBatch): Promise<void> {
  const links = new Map<string, TapeEvent & { kind: 'link' }>();
  const groups = new Map<string, TapeEvent & { kind: 'group' }>();
  for (const event of batch.events) {
    if (event.kind === 'link') links.set(event.link.id, event);
    else if (event.kind === 'group') groups.set(event.group.id, event);
  }
  const upsert = (
    table: string,
    rows: readonly { id: string; seq: number; at: number; body: unknown }[],
  ): Promise<unknown> =>
    client.query({
      name: `${table}-upsert`,
      text: `INSERT INTO ${table} (id, lane, seq, at, body)
        SELECT row.id, $1, row.seq, row.at, row.body::jsonb FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS row (id, seq, at, body)
        ON CONFLICT (id) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, at = excluded.at, body = excluded.body`,
      values: [
        batch.lane,
        rows.map((row) => shown(row.id)),
        rows.map((row) => row.seq),
        rows.map((row) => row.at),
        rows.map((row) => shownJson(row.body)),
      ],
    });
  if (links.size > 0)
    await upsert(
      'link_state',
      [...links.values()].map(({ link, seq, at }) => ({ id: link.id, seq, at, body: link })),
    );
  if (groups.size > 0)
    await upsert(
      'group_state',
      [...groups.values()].map(({ group, seq, at }) => ({ id: group.id, seq, at, body: group })),
    );
}
