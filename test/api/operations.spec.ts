import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KALSHI, LANE, LIMITS, POLY, WORKFLOW } from '../../libs/data/src/queries/sample-lane.spec-support.js';
import { ApiBench } from './api-bench.js';

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
});
afterAll(() => bench?.stop());

describe('asking', () => {
  it('answers what a page of markets shows, in few queries', async () => {
    const { data, errors } = await bench.ask(`{
      markets(first: 10) { total items { id venue title fees { known text } quote { bid ask mid } links { id a { id title } b { id } } } }
      links { id a { title } b { title } differences }
      depth(market: "${POLY}", levels: 1) { bids { price size } asks { price } }
      quotes(market: "${POLY}") { at bid }
      continuity(market: "${POLY}") { trusted reason }
      trades(market: "${POLY}") { price taker }
    }`);
    expect(errors).toBeUndefined();
    expect(data.markets.total).toBe(2);
    expect(data.markets.items[0]).toMatchObject({
      id: POLY,
      venue: 'polymarket',
      fees: { known: true, text: 'No fee.' },
      quote: { bid: 395_000, ask: 410_000, mid: 402_500 },
      links: [{ id: 'link-fed', a: { id: POLY }, b: { id: KALSHI } }],
    });
    expect(data.markets.items[1].quote).toMatchObject({ bid: 430_000, ask: null, mid: null });
    expect(data.depth).toEqual({ bids: [{ price: 395_000, size: 700 }], asks: [{ price: 410_000 }] });
    expect(data.quotes.bid).toEqual([400_000, 395_000]);
    expect(data.trades).toEqual([{ price: 410_000, taker: 'buy' }]);
  });

  it('tells what models believe, what that is worth, and why', async () => {
    const at = (seq: number): number => bench.lane.from + seq * 1_000;
    await bench.pool.query(
      `insert into estimate (seq, at, value, low, high, lane, model, market, name) values
       (4, $2, 0.43, 0.42, 0.44, $1, 'kalman-fair-value', $4, 'fair'),
       (7, $3, 0.36, 0.35, 0.37, $1, 'kalman-fair-value', $4, 'fair'),
       (7, $3, 1, null, null, $1, 'hmm-regime', $4, 'regime')`,
      [LANE, at(4), at(7), POLY],
    );
    const { data, errors } = await bench.ask(`{
      beliefs(market: "${POLY}") { estimates { model name at value low high } edges { model edge kelly } }
      why(market: "${POLY}") { model seq at steps { part label value unit how } }
      before: why(market: "${POLY}", at: ${at(4)}) { seq }
      never: why(market: "${KALSHI}") { seq }
    }`);
    expect(errors).toBeUndefined();
    expect(data.beliefs.estimates.map(({ model, name }: { model: string; name: string }) => [model, name])).toEqual([
      ['hmm-regime', 'regime'],
      ['kalman-fair-value', 'fair'],
    ]);
    expect(data.beliefs.estimates[0]).toMatchObject({ value: [1], low: [null], high: [null] });
    // YES for 0.41 of a fair 0.43; then NO for 1 − 0.395 of a fair 0.64. Neither has a fee.
    const [{ edge, kelly }] = data.beliefs.edges as { edge: number[]; kelly: number[] }[];
    expect(edge[0]).toBeCloseTo(0.02, 3);
    expect(edge[1]).toBeCloseTo(0.035, 3);
    expect(kelly[0]).toBeGreaterThan(0);
    expect(kelly[1]).toBeLessThan(0);
    expect(data.why).toMatchObject({ model: 'kalman-fair-value', seq: 7 });
    const steps = data.why.steps as { part: string; label: string; value: number }[];
    const number = (part: string, label: string) =>
      steps.find((step) => step.part === part && step.label === label)?.value;
    expect(number('market', 'Bid')).toBe(0.395);
    expect(number('no', 'Price')).toBeCloseTo(0.605, 12);
    expect(number('no', 'Edge')).toBeCloseTo(edge[1], 12);
    expect(number('regime', 'Regime')).toBe(1);
    expect([data.before.seq, data.never]).toEqual([4, null]);
  });

  it('tells decisions in sentences and traces them to the frames', async () => {
    const { data, errors } = await bench.ask(`{
      journal(first: 10) { items { id kind summary } hasNextPage }
      opportunities { total items { id titles verdict reason } }
      opportunityCounts { accepted denied netNegative shadow }
      trace(signalId: "S6.1") { entries { kind } causes { seq kind summary body } }
      unknown: trace(signalId: "S99.9") { signalId }
    }`);
    expect(errors).toBeUndefined();
    expect(data.journal.items.map(({ summary }: { summary: string }) => summary)).toEqual([
      'Refused 3 times: The quote is 40 s old; at most 30 s is allowed.',
      expect.stringContaining('refused: stale book'),
      'Bought 10 contracts YES of “Fed cuts in December” for $4.10 and $0.00 fees',
      expect.stringContaining('Wants to buy 10 contracts YES of “Fed cuts in December” at 0.41 or better'),
      expect.stringContaining('taken'),
    ]);
    expect(data.opportunityCounts).toEqual({ accepted: 1, denied: 1, netNegative: 0, shadow: 0 });
    expect(data.opportunities.items[0].titles).toEqual(['Fed cuts in December', 'Fed cuts rates in December?']);
    expect(data.trace.causes.map(({ kind, summary }: { kind: string; summary: string }) => [kind, summary])).toEqual([
      ['book', 'Whole book of “Fed cuts in December”: 3 levels'],
      ['trade', 'Trade in “Fed cuts in December”: a buyer took 3 contracts at 0.41'],
    ]);
    expect(data.unknown).toBeNull();
  });

  it('narrows markets by category and state, and says what there is to choose from', async () => {
    const { data, errors } = await bench.ask(`{
      marketFacets { categories { value count } statuses { value count } }
      of: markets(category: "economics", status: "open") { total }
      none: markets(category: "Weather") { total }
      shut: markets(status: "settled") { total }
    }`);
    expect(errors).toBeUndefined();
    expect(data.marketFacets).toEqual({
      categories: [{ value: 'economics', count: 2 }],
      statuses: [{ value: 'open', count: 2 }],
    });
    expect([data.of.total, data.none.total, data.shut.total]).toEqual([2, 0, 0]);
  });

  it('answers portfolio, workflows, runs and health', async () => {
    const { data, errors } = await bench.ask(`{
      accounts { id equity positions { title venue value } limits { rule headroom } profile }
      equity(account: "house") { equity }
      workflows { id mode state pluginTitle session }
      runs { items { id } }
      health { demo layout queueBackend database lanes { lane state headSeq problem } queues { name } storage { name } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.accounts[0]).toMatchObject({
      id: 'house',
      positions: [{ title: 'Fed cuts in December', venue: 'polymarket' }],
      profile: LIMITS,
    });
    expect(data.workflows[0]).toMatchObject({ id: WORKFLOW, mode: 'paper', state: 'running' });
    expect(data.health).toMatchObject({
      demo: true,
      layout: 'plain',
      queueBackend: 'PostgreSQL',
      lanes: [{ lane: LANE, state: 'silent', headSeq: 10 }],
    });
    expect(data.health.queues.map(({ name }: { name: string }) => name)).toContain('catalogue');
  });

  it('says what is wrong with a question, and never why inside', async () => {
    expect((await bench.ask('{ quotes(market: "kalshi:none") { at } }')).errors?.[0]).toMatchObject({
      message: 'There is no market kalshi:none.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect((await bench.ask('{ markets(after: "x") { total } }')).errors?.[0].extensions['code']).toBe(
      'BAD_USER_INPUT',
    );
    expect((await bench.ask('{ markets(text: "\\u0000") { total } }')).errors?.[0].extensions['code']).toBe(
      'BAD_USER_INPUT',
    );
    const deep = `{ links ${'{ a { links '.repeat(6)}{ id }${' } }'.repeat(6)} }`;
    expect((await bench.ask(deep)).errors?.[0].message).toContain('nests deeper');
    expect(
      (await bench.ask('{ markets(first: 500) { items { links { a { links { a { links { id } } } } } } } }'))
        .errors?.[0].message,
    ).toContain('values at once');
    expect((await bench.ask('{ __schema { queryType { name } } }')).data.__schema.queryType.name).toBe('Query');
    expect(
      (await bench.post('/graphql', { query: `{ viewer { id } } #${'x'.repeat(300_000)}` }, { cookie: bench.cookie }))
        .status,
    ).toBe(413);
    expect(bench.logged.join('')).not.toMatch(/unexpected error|could not read/);
  });
});

describe('acting', () => {
  it('answers with the seq under which the act was committed', async () => {
    const taken = bench.takeOne();
    const { data } = await bench.ask(
      `mutation { setWorkflowMode(workflow: "${WORKFLOW}", mode: "off") { ... on ActDone { seq } ... on Problem { message } } }`,
    );
    expect(data.setWorkflowMode).toEqual({ seq: bench.head });
    expect(await taken).toMatchObject({
      kind: 'act',
      body: {
        kind: 'act',
        act: { kind: 'workflow', workflow: { id: WORKFLOW, version: 2, mode: 'off', config: { minEdge: 1 } } },
      },
    });
    const audit = (await bench.pool.query('select action, target from audit order by id desc limit 1')).rows[0];
    expect(audit).toEqual({ action: 'workflow.mode', target: WORKFLOW });
  });

  it('opens a further account, once per name and with money that can be', async () => {
    const asked = '{ ... on Done { id } ... on Problem { fields { path } } }';
    const refused = (await bench.ask(`mutation { openAccount(title: " ", openingCash: 5) ${asked} }`)).data.openAccount;
    expect(refused.fields).toEqual([{ path: '/title' }, { path: '/openingCash' }]);
    const taken = bench.takeOne();
    const { data } = await bench.ask(
      `mutation { openAccount(title: "Second purse", openingCash: 2500000000) ${asked} }`,
    );
    expect(data.openAccount).toEqual({ id: 'second-purse' });
    expect(await taken).toMatchObject({
      body: {
        act: { kind: 'account', account: { id: 'second-purse', title: 'Second purse', openingCash: 2_500_000_000 } },
      },
    });
  });

  it('moves paper money, at most what is free', async () => {
    const move = async (amount: number) =>
      (
        await bench.ask(
          `mutation { moveCash(account: "house", amount: ${amount}) { ... on ActDone { seq } ... on Problem { message } } }`,
        )
      ).data.moveCash;
    const free = '{ accounts { cash reserved } }';
    const [{ cash, reserved }] = (await bench.ask(free)).data.accounts as { cash: number; reserved: number }[];
    expect((await move(0)).message).toContain('it cannot be nothing');
    expect((await move(reserved - cash - 1)).message).toContain('are free; take out less');
    const taken = bench.takeOne();
    expect(await move(reserved - cash)).toEqual({ seq: bench.head });
    expect((await taken).body).toMatchObject({ act: { kind: 'deposit', account: 'house', amount: reserved - cash } });
  });

  it('names every wrong limit of a risk profile', async () => {
    const { maxGross: _, ...incomplete } = LIMITS;
    const { data } = await bench.ask(
      'mutation ($limits: JSON!) { saveRiskProfile(account: "house", limits: $limits) { ... on Problem { message fields { path message } } } }',
      { limits: { ...incomplete, maxNaked: -1 } },
    );
    expect(data.saveRiskProfile.fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/limits/maxGross',
      '/limits/maxNaked',
    ]);
  });

  it('refuses what cannot be, as data', async () => {
    const result = '{ ... on ActDone { seq } ... on Problem { message fields { path } } }';
    const { data, errors } = await bench.ask(`mutation {
      mode: setWorkflowMode(workflow: "${WORKFLOW}", mode: "loud") ${result}
      nobody: setWorkflowMode(workflow: "none", mode: "off") ${result}
      resume: resumeWorkflow(workflow: "${WORKFLOW}") ${result}
      halt: resetHalt(account: "house") ${result}
      kill: setKillSwitch(on: true, reason: " ") ${result}
      twin: saveLink(a: "${KALSHI}", b: "${POLY}", polarity: "same", state: "reviewed", differences: []) ${result}
      same: saveLink(a: "${KALSHI}", b: "kalshi:none", polarity: "up", state: "maybe", mismatch: 2, differences: []) ${result}
    }`);
    expect(errors).toBeUndefined();
    const paths = (name: string): string[] => data[name].fields.map(({ path }: { path: string }) => path);
    expect(paths('mode')).toEqual(['/mode']);
    expect(paths('nobody')).toEqual(['/workflow']);
    expect(paths('resume')).toEqual(['/workflow']);
    expect(paths('halt')).toEqual(['/account']);
    expect(paths('kill')).toEqual(['/reason']);
    expect(paths('twin')).toEqual(['/mismatch', '/a']);
    expect(paths('same')).toEqual(['/b', '/b', '/polarity', '/state', '/mismatch']);
  });

  it('says so when no worker takes the act', async () => {
    const { data } = await bench.ask(
      'mutation { setKillSwitch(on: true, reason: "drill") { ... on Problem { message } } }',
    );
    expect(data.setKillSwitch.message).toMatch(/^No worker took this within 5 s\. It is stored/);
  });
});

describe('a trace', () => {
  it('names its opportunity and its markets, and goes on to the settlement of what was bought', async () => {
    const paid = {
      kind: 'settlement',
      session: '',
      workflow: '',
      causes: [],
      size: 1_000,
      cost: 4_100_000,
      how: 'yes',
    };
    await bench.appendNext(
      [],
      [
        { ...paid, account: 'house', market: POLY, outcome: 'no', payout: 0, realised: -4_100_000 },
        { ...paid, account: 'other', market: POLY, outcome: 'yes', payout: 10_000_000, realised: 5_900_000 },
        { ...paid, account: 'house', market: POLY, outcome: 'yes', payout: 10_000_000, realised: 5_900_000 },
      ],
    );
    const { data, errors } = await bench.ask(
      '{ trace(signalId: "S6.1") { opportunity entries { kind summary markets { id title } } causes { market { id title } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.trace.opportunity).toBe('o1');
    const named = { id: POLY, title: 'Fed cuts in December' };
    expect(data.trace.entries.map(({ kind }: { kind: string }) => kind)).toEqual([
      'opportunity',
      'signal',
      'fill',
      'settlement',
    ]);
    expect(data.trace.entries[3]).toEqual({
      kind: 'settlement',
      summary: '“Fed cuts in December” resolved YES: 10 contracts YES paid $10.00, a gain of $5.90',
      markets: [named],
    });
    expect(data.trace.causes[0].market).toEqual(named);
  });
});

describe('watching', () => {
  it('is told the newest quotes at once and again after a commit', async () => {
    const before = bench.head;
    const { quotes } = await bench.hear<{ quotes: { market: string; seq: number; bid: number }[] }>(
      'subscription { quotes { market seq bid mid } }',
      (data) => data.quotes.some(({ seq }) => seq > before),
      bench.appendNext,
    );
    expect(quotes).toEqual([expect.objectContaining({ market: POLY, seq: bench.head })]);
    const first = await bench.hear<{ quotes: { market: string }[] }>(
      'subscription { quotes(markets: []) { market } }',
      () => true,
    );
    expect(first.quotes.map(({ market }) => market).sort()).toEqual([KALSHI, POLY]);
  });

  it('is told journal entries of the kinds it asked for, after an empty answer that says from when on', async () => {
    expect(await bench.hear('subscription { journal { seq } }', () => true)).toEqual({ journal: [] });
    const { journal } = await bench.hear<{ journal: { seq: number; summary: string }[] }>(
      'subscription { journal(kinds: ["account-state"]) { seq kind summary } }',
      (data) => data.journal.length > 0,
      bench.appendNext,
    );
    expect(journal).toEqual([
      { seq: bench.head, kind: 'account-state', summary: 'Account house is REDUCING with $1.00 of equity: drill' },
    ]);
  });

  it('is told depth, accounts, workflows and health', async () => {
    const { depth } = await bench.hear<{ depth: { seq: number; bids: unknown[] } }>(
      `subscription { depth(market: "${POLY}", levels: 1) { seq bids { price size } } }`,
      (data) => data.depth.seq === bench.head,
      async () => undefined,
    );
    expect(depth.bids.length).toBe(1);
    expect(
      (await bench.hear<{ accounts: { id: string }[] }>('subscription { accounts { id } }', () => true)).accounts,
    ).toEqual([{ id: 'house' }]);
    expect(
      (await bench.hear<{ workflows: { id: string }[] }>('subscription { workflows { id } }', () => true)).workflows[0]
        .id,
    ).toBe(WORKFLOW);
    expect(
      (
        await bench.hear<{ health: { lanes: { headSeq: number }[] } }>(
          'subscription { health { lanes { headSeq } } }',
          () => true,
        )
      ).health.lanes[0].headSeq,
    ).toBe(bench.head);
  });

  it('is told what is traded at a market and what models publish, each as it is committed', async () => {
    const trades = bench.follow<{ trades: { seq: number; price: number }[] }>(
      `subscription { trades(market: "${POLY}") { seq price } }`,
    );
    const beliefs = bench.follow<{ beliefs: { estimates: { name: string; value: number[] }[] }[] }>(
      `subscription { beliefs(market: "${POLY}") { estimates { name value } } }`,
    );
    await expect.poll(() => trades.heard[0]).toEqual({ trades: [{ seq: 6, price: 410_000 }] });
    await bench.appendNext();
    const at = bench.lane.from + bench.head * 1_000;
    await bench.pool.query(
      `insert into trade (seq, at, size, lane, market, price, conn, trade_id) values ($1, $2, 500, $3, 0, 420000, 1, 't2')`,
      [bench.head, at, LANE],
    );
    await bench.pool.query(
      `insert into estimate (seq, at, value, lane, model, market, name) values ($1, $2, 0.44, $3, 'kalman-fair-value', $4, 'fair')`,
      [bench.head, at, LANE, POLY],
    );
    await expect.poll(() => trades.heard[1]).toEqual({ trades: [{ seq: bench.head, price: 420_000 }] });
    await bench.appendNext();
    await expect
      .poll(() => beliefs.heard.flatMap((said) => said.beliefs).flatMap(({ estimates }) => estimates), {
        timeout: 3_000,
      })
      .toContainEqual({ name: 'fair', value: expect.arrayContaining([0.44]) as number[] });
    await Promise.all([trades.end(), beliefs.end()]);
    expect(bench.failures).toEqual([]);
  });

  it('is told where a plugin was switched, and where it inherits again', async () => {
    const set = bench.follow<{ enablement: { rows: object[]; gone: string[] } }>(
      'subscription { enablement(plugins: ["story"]) { rows { kind id mode by } gone } }',
    );
    const last = () => set.heard.at(-1)?.enablement;
    await expect.poll(last).toEqual({ rows: [], gone: [] });
    await bench.pool.query(
      `insert into enablement_setting (plugin, kind, target, mode, lane, seq, at, "by") values ('story', 'venue', 'kalshi', 'off', $1, 1, 5, 'Ada')`,
      [LANE],
    );
    await expect.poll(last).toEqual({ rows: [{ kind: 'venue', id: 'kalshi', mode: 'off', by: 'Ada' }], gone: [] });
    await bench.pool.query(`delete from enablement_setting where plugin = 'story'`);
    await expect.poll(last).toEqual({ rows: [], gone: ['["story","venue","kalshi"]'] });
    await set.end();
  });

  it('is told what is wrong with a subscription, and keeps its socket', async () => {
    await expect(bench.hear('subscription { depth(market: "kalshi:none") { seq } }', () => true)).rejects.toThrow(
      'There is no market kalshi:none.',
    );
    await expect(bench.hear('subscription { nothing }', () => true)).rejects.toBeTruthy();
  });
});
