import { createHash, randomBytes } from 'node:crypto';
import { copyIn, ensureSpan, rollUpCandles, type Pool } from '#data';
import type { Watch } from './bench.watch.js';

type Client = Parameters<typeof copyIn>[0];

export const LANE = 1;
const DAY = 86_400_000;
const SPAN_MS = 3 * DAY;
const CHUNK = 5_000;
const WORKFLOWS = ['cross-venue', 'bundles', 'ladders'];
const VENUES = ['polymarket', 'kalshi'];

export interface ApiWorld {
  readonly token: string;
  readonly cookie: string;
  readonly markets: readonly string[];
  /** A signal with everything about it. */
  readonly signal: string;
  readonly headSeq: number;
}

const marketId = (i: number): string => `${VENUES[i % 2]}:BENCH-${String(i >> 1).padStart(6, '0')}`;

/** Fills a database as a house of that size has it: rows of screens and, by COPY, the journal of three days. */
export async function fillApiWorld(
  pool: Pool,
  size: {
    readonly markets: number;
    /** Of the journal. */
    readonly rows: number;
    /** Quotes of the first market: what its page has to show. */
    readonly points: number;
    readonly now: number;
  },
  { say, progress, going }: Watch,
): Promise<ApiWorld> {
  const { now } = size;
  await ensureSpan(pool, now - SPAN_MS, now);
  const token = `arb_${randomBytes(32).toString('base64url')}`;
  const cookie = randomBytes(32).toString('base64url');
  await person(pool, token, cookie, now);
  say(`${size.markets.toLocaleString('en-US')} markets`);
  await markets(pool, size.markets, now);
  say(`${size.rows.toLocaleString('en-US')} journal rows`);
  const client = await pool.connect();
  try {
    await journal(client, size.markets, size.rows, now, progress('journal rows', size.rows));
    going();
    await opportunities(client, size.markets, Math.ceil(size.rows / 50), now);
  } finally {
    client.release();
  }
  say(`${size.points.toLocaleString('en-US')} quotes of one market`);
  going();
  await quotes(pool, size.points, now);
  await pool.query('INSERT INTO lane (id, epoch, owner, head_seq, head_at) VALUES ($1, 1, $2, $3, $4)', [
    LANE,
    'bench',
    size.rows,
    now,
  ]);
  await pool.query('ANALYZE');
  return {
    token,
    cookie,
    markets: Array.from({ length: size.markets }, (_, i) => marketId(i)),
    signal: signalOf(Math.floor(size.rows / 2)),
    headSeq: size.rows,
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function person(pool: Pool, token: string, cookie: string, now: number): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO app_user (name, role, password_hash, created_at) VALUES ('bench', 'admin', 'none', $1) RETURNING id`,
    [now],
  );
  await pool.query(
    `INSERT INTO api_token (token_hash, user_id, name, role, created_at, last_seen_at) VALUES ($1, $2, 'bench', 'admin', $3, $4)`,
    [hashOf(token), rows[0].id, now, now + DAY],
  );
  await pool.query(
    'INSERT INTO sign_in (token_hash, user_id, created_at, expires_at, last_seen_at) VALUES ($1, $2, $3, $4, $4)',
    [hashOf(cookie), rows[0].id, now, now + DAY],
  );
}

async function markets(pool: Pool, count: number, now: number): Promise<void> {
  await pool.query(
    `INSERT INTO market_state (lane, ref, id, venue, group_id, category, title, status, info, bid, bid_size, ask, ask_size, quote_seq, quote_at, fresh_at, trusted)
     SELECT $1, i, m.id, m.venue, NULL, m.category, m.title, 'open',
       jsonb_build_object('id', m.id, 'group', NULL, 'title', m.title, 'rules', repeat('The market resolves by the official result. ', 12),
         'category', m.category, 'status', 'open', 'grid', '[{"start":0,"end":1000000,"step":10000}]'::jsonb, 'minSize', 100, 'sizeStep', 100,
         'fees', '[]'::jsonb, 'closesAt', $3::bigint + 86400000, 'paysAt', NULL, 'venueData', '{}'::jsonb),
       10000 * (1 + i % 90), 5000, 10000 * (3 + i % 90), 7000, i + 1, $3::bigint - 1000, $3::bigint - 1000, true
     FROM generate_series(0, $2::int - 1) i
     CROSS JOIN LATERAL (SELECT CASE i % 2 WHEN 0 THEN 'polymarket' ELSE 'kalshi' END AS venue,
       (ARRAY['politics', 'economics', 'sports', 'weather', 'crypto'])[1 + (i / 2) % 5] AS category,
       'Will question ' || i / 2 || ' be answered with yes by the end of the season?' AS title,
       CASE i % 2 WHEN 0 THEN 'polymarket' ELSE 'kalshi' END || ':BENCH-' || lpad((i / 2)::text, 6, '0') AS id) m`,
    [LANE, count, now],
  );
  await pool.query(
    `INSERT INTO link_state (id, lane, seq, at, body)
     SELECT 'link-' || i, $1, i, $2, jsonb_build_object('id', 'link-' || i, 'version', 1, 'a', 'polymarket:BENCH-' || lpad(i::text, 6, '0'),
       'b', 'kalshi:BENCH-' || lpad(i::text, 6, '0'), 'polarity', 'same', 'state', 'reviewed', 'mismatch', 0.01, 'differences', '[]'::jsonb, 'reviewedBy', 'bench')
     FROM generate_series(0, 199) i`,
    [LANE, now],
  );
}

const signalOf = (seq: number): string => `S${seq - (seq % 5)}.0`;
/** Of each hundred rows; what is rare in a house is rare here. */
const KINDS = ['signal', 'order', 'order', 'fill', 'denial'] as const;

/** One row of the journal as the recorder writes it, five of a signal in a row; every 100 000th is of a rare kind. */
function journalRow(seq: number, markets: number, rows: number, now: number): string {
  const at = Math.floor(now - SPAN_MS + (seq / rows) * SPAN_MS);
  const rare = seq % 100_000 === 77_777;
  const kind = rare ? 'account-state' : KINDS[seq % KINDS.length];
  const market = marketId((seq * 7_919) % markets);
  const workflow = rare ? '' : WORKFLOWS[((seq / 5) % 3) | 0];
  const signalId = signalOf(seq);
  const head = {
    lane: LANE,
    seq,
    ordinal: 0,
    at,
    session: workflow && `${workflow}#1`,
    workflow,
    account: 'main',
    causes: [seq],
  };
  const body = JSON.stringify({ ...head, kind, ...particulars(kind, seq, signalId, market, at) });
  const place = rare ? '{}' : `{"${market}"}`;
  return `${seq}\t${at}\t${LANE}\t0\t${kind}\t${workflow && `${workflow}#1`}\t${workflow}\tmain\t${place}\t${rare ? '\\N' : signalId}\t${body}\n`;
}

function particulars(kind: string, seq: number, signalId: string, market: string, at: number): object {
  const leg = { market, outcome: 'yes', action: 'buy', size: 1_000, limit: 410_000 };
  const refusal = {
    rule: 'venue',
    message: '$2.00 more would bring capital at kalshi to $12.00; the limit is $10.00.',
    limit: 10_000_000,
    use: 10_000_000,
    asked: 2_000_000,
    headroom: 0,
    unit: 'micro-dollars',
  };
  const fill = {
    market,
    outcome: 'yes',
    action: 'buy',
    parts: [{ price: 410_000, size: 1_000 }],
    size: 1_000,
    notional: 4_100_000,
  };
  switch (kind) {
    case 'signal':
      return { signalId, legs: [leg], reason: 'edge', mode: 'paper' };
    case 'order':
      return { orderId: `${signalId}/1`, signalId, leg, state: 'sent', filled: 0, reason: '' };
    case 'fill':
      return { fillId: `F${seq}`, orderId: `${signalId}/1`, signalId, ...fill, fee: 0, cashDelta: -4_100_000 };
    case 'denial':
      return { signalId, legs: [leg], refusals: [refusal], count: 1, firstAt: at };
    default:
      return { state: 'REDUCING', reason: 'drill', equity: 1_000_000 };
  }
}

async function journal(
  client: Client,
  markets: number,
  rows: number,
  now: number,
  told: (done: number) => void,
): Promise<void> {
  for (let from = 1; from <= rows; from += CHUNK) {
    told(from - 1);
    let text = '';
    for (let seq = from; seq < Math.min(rows + 1, from + CHUNK); seq++) text += journalRow(seq, markets, rows, now);
    await copyIn(
      client,
      'COPY journal (seq, at, lane, ordinal, kind, session, workflow, account, market, signal_id, body) FROM STDIN',
      frames(text),
    );
  }
}

/** A walk of the price over three days, four quotes a second when they are a million, with the candles a chart of them reads. */
async function quotes(pool: Pool, points: number, now: number): Promise<void> {
  await pool.query(
    `INSERT INTO quote (seq, at, bid_size, ask_size, lane, market, bid, ask, trusted)
     SELECT i, $2::bigint - $3::bigint + i * $3::bigint / $4, 5000, 7000, $1, 0, p, p + 20000, true FROM generate_series(1, $4::bigint) i
     CROSS JOIN LATERAL (SELECT 10000 * (45 + round(20 * sin(i / 90000.0) + 8 * sin(i / 2100.0) + 3 * sin(i / 37.0)))::int AS p) walk`,
    [LANE, now, SPAN_MS, points],
  );
  await rollUpCandles(pool, now);
}

async function opportunities(client: Client, markets: number, rows: number, now: number): Promise<void> {
  for (let from = 0; from < rows; from += CHUNK) {
    let text = '';
    for (let i = from; i < Math.min(rows, from + CHUNK); i++) {
      const at = Math.floor(now - SPAN_MS + (i / rows) * SPAN_MS);
      const verdict = ['net-negative', 'denied', 'accepted', 'net-negative'][i % 4];
      const pair = (i * 31) % (markets >> 1);
      text += `o${i}\t${LANE}\t${i * 50}\tcross-venue#1\tcross-venue\tmain\tclosed\t${verdict}\tlink-${i % 200}\tyes-no\t{"${marketId(pair * 2)}","${marketId(pair * 2 + 1)}"}\t${at}\t30000\t12000\t1000\t[{"label":"gross","amount":300000}]\tS${i * 50}.0\t\t${at + 900}\t${at + 900}\n`;
    }
    await copyIn(
      client,
      'COPY opportunity (id, lane, seq, session, workflow, account, phase, verdict, link, direction, markets, opened_at, best_gross, best_net, size, waterfall, signal_id, reason, updated_at, closed_at) FROM STDIN',
      frames(text),
    );
  }
}

/** Text as CopyData and CopyDone, ready for the socket. */
function frames(text: string): readonly Uint8Array[] {
  const body = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.write('d', 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  const done = Buffer.alloc(5);
  done.write('c', 0, 'latin1');
  done.writeInt32BE(4, 1);
  return [head, body, done];
}
