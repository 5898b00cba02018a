import { sessionLooks, type Pool } from '#data';

/** A market some running model hears, and where its lane stands. */
export interface HeardMarket {
  readonly id: string;
  readonly ref: number;
  readonly category: string;
  readonly headAt: number;
  /** The newest fit on the tape by its key. */
  readonly fits: ReadonlyMap<string, KnownFit>;
}

export interface KnownFit {
  /** Up to where it goes, in the fit's own terms: a bar, a time. */
  readonly fittedTo: number;
  /** How many bars it rests on; `null` where it does not say. */
  readonly bars: number | null;
}

/** Which markets a model speaks of, with what settings, and what was fitted for it before. */
export class RegimesQuery {
  constructor(private readonly pool: Pool) {}

  /** Configs of the model in sessions that run, as they are. */
  async configs(lane: number, model: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const sessions = await sessionLooks(this.pool);
    return sessions
      .filter((session) => session.lane === lane && session.look.state === 'running')
      .flatMap(({ look }) => look.workflow.models.filter((one) => one.plugin === model).map((one) => one.config));
  }

  /** Open markets of which the model published `name` within the last `withinMs` of the lane's own time. */
  async heard(lane: number, model: string, name: string, withinMs: number): Promise<readonly HeardMarket[]> {
    const { rows } = await this.pool.query<{ id: string; ref: number; category: string; head_at: number }>(
      `select m.id, m.ref, m.info ->> 'category' as category, l.head_at from market_state m join lane l on l.id = m.lane
       where m.lane = $1 and m.status = 'open' and exists (
         select 1 from estimate e where e.lane = $1 and e.market = m.id and e.name = $3 and e.model = $2 and e.at > l.head_at - $4::bigint)
       order by m.ref`,
      [lane, model, name, withinMs],
    );
    if (rows.length === 0) return [];
    const fitted = await this.pool.query<{ key: string; fitted_to: number; bars: number | null }>(
      `select distinct on (body ->> 'key') body ->> 'key' as key, (body -> 'value' ->> 'fittedTo')::bigint as fitted_to,
         (body -> 'value' ->> 'bars')::int as bars
       from event where lane = $1 and kind = 'parameters' and body ->> 'plugin' = $2 order by body ->> 'key', seq desc`,
      [lane, model],
    );
    const fits = new Map(fitted.rows.map(({ key, fitted_to, bars }) => [key, { fittedTo: fitted_to, bars }]));
    return rows.map(({ id, ref, category, head_at }) => ({ id, ref, category, headAt: head_at, fits }));
  }
}
