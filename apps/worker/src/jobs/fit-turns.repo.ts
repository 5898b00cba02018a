import { sessionLooks, type Pool } from '#data';

/** Which of a model's fits: its part is what one market may have several of (bars of a length), '' otherwise. */
export interface FitKind {
  readonly lane: number;
  readonly model: string;
  readonly part: string;
}

/** A market that a running model hears and whose turn it is. */
export interface DueMarket {
  readonly id: string;
  readonly ref: number;
  readonly category: string;
  /** Where its lane stands, tape time. */
  readonly headAt: number;
}

/** What became of a look. */
export interface FitTurn {
  readonly market: DueMarket;
  /** Tape time before which another look would find nothing new. */
  readonly againAt: number;
  /** How many bars were there; 0 where a fit knows none. */
  readonly bars: number;
}

/** Whose turn it is to be fitted. With more markets than a run reaches, those come first that have waited longest. */
export class FitTurns {
  constructor(private readonly pool: Pool) {}

  /** Configs of the model in sessions that run, as they are. */
  async configs(lane: number, model: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const sessions = await sessionLooks(this.pool);
    return sessions
      .filter((session) => session.lane === lane && session.look.state === 'running')
      .flatMap(({ look }) => look.workflow.models.filter((one) => one.plugin === model).map((one) => one.config));
  }

  /** Open markets that are due and of which the model published `name` within `withinMs` of the lane's own time. */
  async due(
    { lane, model, part }: FitKind,
    name: string,
    withinMs: number,
    most: number,
  ): Promise<{ readonly markets: readonly DueMarket[]; readonly due: number }> {
    const { rows } = await this.pool.query<Omit<DueMarket, 'headAt'> & { head_at: number; due: number }>(
      `select m.id, m.ref, m.category, l.head_at, (count(*) over ())::int as due
       from lane l join market_state m on m.lane = l.id
       left join fit_turn t on t.lane = l.id and t.model = $2 and t.part = $3 and t.market = m.id
       where l.id = $1 and m.status = 'open' and coalesce(t.again_at, 0) <= l.head_at and exists (
         select 1 from estimate e where e.market = m.id and e.name = $4 and e.at > l.head_at - $5::bigint
           and e.lane = $1 and e.model = $2)
       order by t.looked_at nulls first, m.ref limit $6`,
      [lane, model, part, name, withinMs, most],
    );
    const markets = rows.map(({ id, ref, category, head_at }) => ({ id, ref, category, headAt: head_at }));
    return { markets, due: rows[0]?.due ?? 0 };
  }

  /** Markets with at least so many bars at their last look, the newest look first. */
  async known({ lane, model, part }: FitKind, bars: number, most: number): Promise<readonly DueMarket[]> {
    const { rows } = await this.pool.query<Omit<DueMarket, 'headAt'> & { head_at: number }>(
      `select m.id, m.ref, m.category, l.head_at
       from fit_turn t join market_state m on m.id = t.market and m.lane = t.lane join lane l on l.id = t.lane
       where t.lane = $1 and t.model = $2 and t.part = $3 and t.bars >= $4 and m.status = 'open'
       order by t.looked_at desc, m.ref limit $5`,
      [lane, model, part, bars, most],
    );
    return rows.map(({ id, ref, category, head_at }) => ({ id, ref, category, headAt: head_at }));
  }

  async took({ lane, model, part }: FitKind, turns: readonly FitTurn[]): Promise<void> {
    if (turns.length === 0) return;
    await this.pool.query(
      `insert into fit_turn (lane, model, part, market, looked_at, again_at, bars)
       select $1, $2, $3, * from unnest($4::text[], $5::bigint[], $6::bigint[], $7::int[])
       on conflict (lane, model, part, market)
         do update set looked_at = excluded.looked_at, again_at = excluded.again_at, bars = excluded.bars`,
      [
        lane,
        model,
        part,
        turns.map(({ market }) => market.id),
        turns.map(({ market }) => market.headAt),
        turns.map(({ againAt }) => Math.round(againAt)),
        turns.map(({ bars }) => bars),
      ],
    );
  }
}
