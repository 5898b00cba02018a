import {
  venueOf,
  type GroupEvent,
  type JournalEntry,
  type LinkEvent,
  type MarketInfo,
  type OpportunityEntry,
} from '#core';
import type { SettingEvent, TapeBatch } from '../contracts.js';
import { actStatements } from './act.statements.js';
import { recordset, type Columns } from './recordset.js';

type Row = Readonly<Record<string, unknown>>;
/**
 * The upserts of rows that screens read, as SQL text that travels with the commit it belongs to: one round trip for all,
 * however many tables change, because a busy lane waits longer for its turn than the database takes. Remembers which
 * market descriptions the database has, because they are long and seldom change while quotes change all the time.
 */
export class ProjectionStatements {
  private readonly known = new Map<number, unknown>();

  /** Statements in order, and what to call once they are committed. */
  of(batch: TapeBatch): { readonly statements: readonly string[]; committed(): void } {
    const { settings } = batch;
    const { markets, accounts, sessions } = batch.projection;
    const changed = markets.filter((market) => this.known.get(market.ref) !== market.info);
    const moved =
      changed.length === 0 ? markets : markets.filter((market) => this.known.get(market.ref) === market.info);
    const statements: string[] = [];
    if (changed.length > 0) statements.push(upsertMarkets(batch.lane, changed));
    if (moved.length > 0) statements.push(moveMarkets(batch.lane, moved));
    if (accounts.length > 0) statements.push(...upsertAccounts(batch));
    if (sessions.length > 0) statements.push(upsertSessions(batch));
    statements.push(
      ...upsertOpportunities(batch.journal),
      ...updateTrades(batch.journal),
      ...upsertBodies(batch.lane, settings),
      ...actStatements(batch.lane, settings),
    );
    if (batch.inbox.length > 0) {
      statements.push(
        `UPDATE inbox SET seq = row.seq FROM ${recordset(batch.inbox, [
          ['id', 'text'],
          ['seq', 'bigint'],
        ])} WHERE inbox.id = row.id`,
      );
    }
    return {
      statements,
      committed: () => {
        for (const market of changed) this.known.set(market.ref, market.info);
      },
    };
  }

  /** After a failed commit nobody knows what the database has. */
  forget(): void {
    this.known.clear();
  }
}

type MarketRow = TapeBatch['projection']['markets'][number];

const names = (columns: Columns): string => columns.map(([name]) => name).join(', ');

const QUOTE_COLUMNS: Columns = [
  ['ref', 'int'],
  ['bid', 'int'],
  ['bid_size', 'bigint'],
  ['ask', 'int'],
  ['ask_size', 'bigint'],
  ['quote_seq', 'bigint'],
  ['quote_at', 'bigint'],
  ['fresh_at', 'bigint'],
  ['trusted', 'boolean'],
  ['trust_reason', 'text'],
];

const MARKET_COLUMNS: Columns = [
  ...QUOTE_COLUMNS,
  ['id', 'text'],
  ['venue', 'text'],
  ['group_id', 'text'],
  ['category', 'text'],
  ['title', 'text'],
  ['status', 'text'],
  ['info', 'jsonb'],
];

const quoteRow = (row: MarketRow): Row => ({
  ref: row.ref,
  bid: row.quote?.bid ?? null,
  bid_size: row.quote?.bidSize ?? null,
  ask: row.quote?.ask ?? null,
  ask_size: row.quote?.askSize ?? null,
  quote_seq: row.quoteSeq ?? null,
  quote_at: row.quote?.at ?? null,
  fresh_at: row.freshAt,
  trusted: row.trusted,
  trust_reason: row.trustReason,
});

function upsertMarkets(lane: number, markets: readonly MarketRow[]): string {
  const rows = markets.map((row) => {
    const info = row.info as MarketInfo;
    const { group, category, title, status } = info;
    return {
      ...quoteRow(row),
      id: row.id,
      venue: venueOf(info.id),
      group_id: group,
      category,
      title,
      status,
      info,
    };
  });
  const sets = MARKET_COLUMNS.filter(([name]) => name !== 'ref').map(([name]) =>
    name === 'quote_seq'
      ? 'quote_seq = COALESCE(excluded.quote_seq, market_state.quote_seq)'
      : `${name} = excluded.${name}`,
  );
  return `INSERT INTO market_state (lane, ${names(MARKET_COLUMNS)}) SELECT ${lane}, row.* FROM ${recordset(rows, MARKET_COLUMNS)}
    ON CONFLICT (lane, ref) DO UPDATE SET ${sets.join(', ')}`;
}

function moveMarkets(lane: number, markets: readonly MarketRow[]): string {
  const sets = QUOTE_COLUMNS.filter(([name]) => name !== 'ref').map(([name]) =>
    name === 'quote_seq' ? 'quote_seq = COALESCE(row.quote_seq, market_state.quote_seq)' : `${name} = row.${name}`,
  );
  const rows = markets.map((row) => quoteRow(row));
  return `UPDATE market_state SET ${sets.join(', ')} FROM ${recordset(rows, QUOTE_COLUMNS)} WHERE market_state.lane = ${lane} AND market_state.ref = row.ref`;
}

function upsertAccounts(batch: TapeBatch): string[] {
  const { at } = batch;
  const { accounts } = batch.projection;
  const columns: Columns = [
    ['id', 'text'],
    ['state', 'jsonb'],
  ];
  const statements = [
    `INSERT INTO account_state (id, lane, seq, at, state)
      SELECT row.id, ${batch.lane}, ${batch.toSeq}, ${at}, row.state FROM ${recordset(accounts, columns)}
      ON CONFLICT (id) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, at = excluded.at, state = excluded.state`,
  ];
  const marked = accounts.flatMap(({ id, state }) => {
    const equity = (state as { readonly equity?: unknown } | null)?.equity;
    return typeof equity === 'number' && Number.isSafeInteger(equity) ? [{ id, equity }] : [];
  });
  if (marked.length > 0) {
    statements.push(
      `INSERT INTO equity (account, at, equity) SELECT row.id, ${at - (at % 1000)}, row.equity
        FROM ${recordset(marked, [
          ['id', 'text'],
          ['equity', 'bigint'],
        ])}
        ON CONFLICT (account, at) DO UPDATE SET equity = excluded.equity WHERE equity.equity <> excluded.equity`,
    );
  }
  return statements;
}

function upsertSessions(batch: TapeBatch): string {
  // A session's id is `workflow#version`.
  const workflowOf = (id: string): string => (id.includes('#') ? id.slice(0, id.lastIndexOf('#')) : id);
  const rows = batch.projection.sessions.map(({ id, state }) => ({ id, workflow: workflowOf(id), state }));
  const columns: Columns = [
    ['id', 'text'],
    ['workflow', 'text'],
    ['state', 'jsonb'],
  ];
  return `INSERT INTO session_state (id, workflow, lane, seq, at, state)
    SELECT row.id, row.workflow, ${batch.lane}, ${batch.toSeq}, ${batch.at}, row.state FROM ${recordset(rows, columns)}
    ON CONFLICT (id) DO UPDATE SET workflow = excluded.workflow, lane = excluded.lane, seq = excluded.seq, at = excluded.at, state = excluded.state`;
}

const OPPORTUNITY_COLUMNS: Columns = [
  ['id', 'text'],
  ['lane', 'int'],
  ['seq', 'bigint'],
  ['session', 'text'],
  ['workflow', 'text'],
  ['account', 'text'],
  ['phase', 'text'],
  ['verdict', 'text'],
  ['link', 'text'],
  ['group_id', 'text'],
  ['direction', 'text'],
  ['opened_at', 'bigint'],
  ['best_gross', 'bigint'],
  ['best_net', 'bigint'],
  ['size', 'bigint'],
  ['signal_id', 'text'],
  ['reason', 'text'],
  ['denials', 'int'],
  ['ended', 'text'],
  ['updated_at', 'bigint'],
  ['closed_at', 'bigint'],
  ['waterfall', 'jsonb'],
  ['markets', 'text[]'],
];

function upsertOpportunities(journal: readonly JournalEntry[]): string[] {
  const newest = new Map<string, OpportunityEntry>();
  for (const entry of journal) if (entry.kind === 'opportunity') newest.set(entry.opportunityId, entry);
  if (newest.size === 0) return [];
  const rows = [...newest.values()].map((entry) => ({
    id: entry.opportunityId,
    lane: entry.lane,
    seq: entry.seq,
    session: entry.session,
    workflow: entry.workflow,
    account: entry.account,
    phase: entry.phase,
    verdict: entry.verdict,
    link: entry.link,
    group_id: entry.group,
    direction: entry.direction,
    opened_at: entry.openedAt,
    best_gross: entry.bestGross,
    best_net: entry.bestNet,
    size: entry.size,
    signal_id: entry.signalId,
    reason: entry.reason,
    denials: entry.denials,
    ended: entry.ended,
    updated_at: entry.at,
    closed_at: entry.phase === 'closed' ? entry.at : null,
    waterfall: entry.waterfall,
    markets: entry.markets,
  }));
  const sets = OPPORTUNITY_COLUMNS.filter(([name]) => name !== 'id').map(([name]) => `${name} = excluded.${name}`);
  return [
    `INSERT INTO opportunity (${names(OPPORTUNITY_COLUMNS)}) SELECT row.* FROM ${recordset(rows, OPPORTUNITY_COLUMNS)}
      ON CONFLICT (id) DO UPDATE SET ${sets.join(', ')}`,
  ];
}

const TRADE_COLUMNS: Columns = [
  ['id', 'text'],
  ['seq', 'bigint'],
  ['at', 'bigint'],
  ['trades', 'jsonb'],
];

/** What the order groups of an opportunity have come to, each under its signal; the rest of its row stays. */
function updateTrades(journal: readonly JournalEntry[]): string[] {
  const newest = new Map<string, { id: string; seq: number; at: number; trades: Record<string, unknown> }>();
  for (const entry of journal) {
    if (entry.kind !== 'group-state' || entry.opportunityId === null) continue;
    const { opportunityId: id, signalId, seq, at, state, cost, lockedIn, realised } = entry;
    const trades = { ...newest.get(id)?.trades, [signalId]: { state, cost, lockedIn, realised } };
    newest.set(id, { id, seq, at, trades });
  }
  if (newest.size === 0) return [];
  return [
    `UPDATE opportunity SET trades = opportunity.trades || row.trades, seq = GREATEST(opportunity.seq, row.seq),
        updated_at = GREATEST(opportunity.updated_at, row.at)
      FROM ${recordset([...newest.values()], TRADE_COLUMNS)} WHERE opportunity.id = row.id`,
  ];
}

const BODY_COLUMNS: Columns = [
  ['id', 'text'],
  ['seq', 'bigint'],
  ['at', 'bigint'],
  ['body', 'jsonb'],
];

/** Newest version of each link and group the batch carries. */
function upsertBodies(lane: number, settings: readonly SettingEvent[]): string[] {
  const links = new Map<string, LinkEvent>();
  const groups = new Map<string, GroupEvent>();
  for (const event of settings) {
    if (event.kind === 'link') links.set(event.link.id, event);
    else if (event.kind === 'group') groups.set(event.group.id, event);
  }
  const upsert = (table: string, rows: readonly object[]): string =>
    `INSERT INTO ${table} (id, lane, seq, at, body) SELECT row.id, ${lane}, row.seq, row.at, row.body FROM ${recordset(rows, BODY_COLUMNS)}
      ON CONFLICT (id) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, at = excluded.at, body = excluded.body`;
  const statements: string[] = [];
  if (links.size > 0)
    statements.push(
      upsert(
        'link_state',
        [...links.values()].map(({ link, seq, at }) => ({ id: link.id, seq, at, body: link })),
      ),
    );
  if (groups.size > 0)
    statements.push(
      upsert(
        'group_state',
        [...groups.values()].map(({ group, seq, at }) => ({ id: group.id, seq, at, body: group })),
      ),
    );
  return statements;
}
