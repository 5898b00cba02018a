import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type OpenBrowser } from './browser.spec-support.js';
import { childOf, endDemo, startDemo, startServer, temporaryFolder, type RunningDemo } from './demo.spec-support.js';
import { deskStory, strangersPlugins } from './desk.spec-support.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARTEFACTS = join(process.cwd(), 'artifacts', 'pages');
const PAGES = [
  '/',
  '/markets',
  '/links',
  '/links/new',
  '/opportunities',
  '/news',
  '/workflows',
  '/workflows/new',
  '/workflows/arbitrage',
  '/enablement',
  '/enablement?kind=group',
  '/plugins',
  '/plugins/cross-venue-arbitrage',
  '/runs',
  '/runs?view=sessions',
  '/runs?view=clock',
  '/portfolio',
  '/backtests',
  '/backtests?new',
  '/risk',
  '/notices',
  '/storage',
  '/system',
  '/settings',
  '/sign-in',
  '/setup?token=none',
  '/nowhere',
];

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** Runs in the page: what axe finds by all rules, or by those named. */
async function axeFindings(rules: readonly string[] | null): Promise<readonly Finding[]> {
  const { axe } = globalThis as unknown as {
    axe: { run(options: object): Promise<{ violations: readonly Finding[] }> };
  };
  return (await axe.run(rules ? { runOnly: { type: 'rule', values: rules } } : {})).violations;
}

/** `/` → `overview`, `/markets/x` → `markets-one`, `/runs?view=clock` → `runs-clock`. */
function pictureName(path: string): string {
  const [place = '', one, deeper] = path.split('?', 1)[0]!.split('/').slice(1);
  const view = /[?&](?:\w+=)?(\w+)/.exec(path)?.[1];
  const name =
    place === '' ? 'overview' : one === undefined ? place : `${place}-${one === 'new' || deeper ? one : 'one'}`;
  return view ? `${name}-${view}` : name;
}

/** Two backtests and a sweep of what was recorded so far, over or not: what each has a page of. */
async function triedOnTheTape(ask: OpenBrowser['ask']): Promise<readonly string[]> {
  const form = '{ workflow: "arbitrage", settings: { stress: false } }';
  const axes = '[{ path: "/maxContracts", values: [5, 50] }]';
  const made = await ask<Record<'a' | 'b' | 'c', { id?: string; message?: string }>>(`mutation {
    a: startBacktest(input: ${form}) { ... on BacktestSaved { id } ... on Problem { message } }
    b: startBacktest(input: ${form}) { ... on BacktestSaved { id } ... on Problem { message } }
    c: startSweep(input: { backtest: ${form}, sweep: { axes: ${axes}, windows: 1, trainRatio: 1 } }) {
      ... on SweepSaved { id } ... on Problem { message } } }`);
  const [a, b, c] = [made.a, made.b, made.c].map(({ id, message }) => id ?? expect.fail(message));
  const state = async (): Promise<string> =>
    (await ask<{ backtest: { run: { state: string } } }>(`{ backtest(id: "${b}") { run { state } } }`)).backtest.run
      .state;
  await expect.poll(state, { timeout: 90_000, interval: 500 }).not.toMatch(/waiting|running/);
  return [`/backtests/${a}`, `/backtests/compare/${a}/${b}`, `/backtests/sweeps/${c}`];
}

describe('the demo, as a person meets it', () => {
  const folder = temporaryFolder();
  const strangers = temporaryFolder();
  let plugins: Record<string, string>;
  let demo: RunningDemo;
  let browser: OpenBrowser;
  let page: OpenBrowser['page'];
  let ask: OpenBrowser['ask'];
  /** What the receiver of notices was sent: it fails the first time. */
  const keys: unknown[] = [];
  const receiver = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    request.resume();
    response.writeHead(keys.length === 1 ? 503 : 200).end(keys.length === 1 ? 'not now' : 'thanks');
  });
  let receives: string;

  beforeAll(async () => {
    mkdirSync(ARTEFACTS, { recursive: true });
    plugins = { ARBINTEL_PLUGINS: strangersPlugins(strangers) };
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    receives = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    demo = await startServer('demo', folder, [], { ...plugins, ARBINTEL_NOTICE_PRIVATE_HOSTS: receives });
    browser = await openBrowser();
    ({ page, ask } = browser);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await endDemo(demo);
    receiver.close();
    for (const each of [folder, strangers]) rmSync(each, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  it('prints its address and a link for the first sign-in', () => {
    expect(demo.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.setupUrl).toContain('/setup?token=');
  });

  it('lets the first person make the admin account by the link, once', async () => {
    await browser.setUp(demo.setupUrl!);
    expect((await fetch(demo.setupUrl!.replace('/setup?token=', '/auth/state?x='))).status).toBe(200);
    const again = await fetch(`${demo.url}/auth/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: demo.url },
      body: JSON.stringify({
        token: new URL(demo.setupUrl!).searchParams.get('token'),
        name: 'second',
        password: 'another long secret',
      }),
    });
    expect(again.status).toBeGreaterThanOrEqual(400);
  });

  it('shows a first accepted arbitrage and a first refused one within a minute', async () => {
    const counts = async (): Promise<{ accepted: number; denied: number }> =>
      (
        await ask<{ opportunityCounts: { accepted: number; denied: number } }>(
          '{ opportunityCounts { accepted denied } }',
        )
      ).opportunityCounts;
    await expect.poll(async () => (await counts()).accepted, { timeout: 120_000, interval: 1_000 }).toBeGreaterThan(0);
    await expect.poll(async () => (await counts()).denied, { timeout: 120_000, interval: 1_000 }).toBeGreaterThan(0);
    await page.goto(`${demo.url}/opportunities`);
    await page
      .getByText(/accepted/i)
      .first()
      .waitFor();
  }, 350_000);

  it('shows every page in both themes without a console error or an accessibility finding', async () => {
    const link = (await ask<{ links: { id: string; a: { id: string } }[] }>('{ links { id a { id } } }')).links[0]!;
    const { journal } = await ask<{ journal: { items: { body: { signalId: string } }[] } }>(
      '{ journal(kinds: ["denial"], first: 1) { items { body } } }',
    );
    const { runs } = await ask<{ runs: { items: { id: string }[] } }>(
      '{ runs(first: 1, kind: "lane") { items { id } } }',
    );
    const tried = await triedOnTheTape(ask);
    const ones = [
      ...tried,
      `/runs/${encodeURIComponent(runs.items[0]!.id)}`,
      `/markets/${encodeURIComponent(link.a.id)}`,
      `/links/${encodeURIComponent(link.id)}`,
      `/trace/${encodeURIComponent(journal.items[0]!.body.signalId)}`,
    ];
    const findings: string[] = [];
    for (const path of [...PAGES, ...ones]) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.goto(`${demo.url}${path}`);
      await page.evaluate(AXE);
      for (const theme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await browser.settled();
        await page.screenshot({ path: join(ARTEFACTS, `${pictureName(path)}-${theme}.png`) });
        // A theme changes colours and nothing else: every other rule has had its say.
        const rules = theme === 'dark' ? null : ['color-contrast'];
        for (const finding of await page.evaluate(axeFindings, rules))
          findings.push(`${path} (${theme}): ${finding.id} at ${JSON.stringify(finding.nodes[0]?.target)}`);
      }
    }
    expect(findings).toEqual([]);
    expect(browser.complaints).toEqual([]);
  }, 600_000);

  it('tells a refusal with its rule and its numbers, and leads back to the market', async () => {
    await page.goto(`${demo.url}/risk`);
    const row = page.locator('section', { hasText: 'Denials' }).locator('tbody tr');
    await row.first().waitFor();
    await page
      .getByLabel(/^Trace of S/)
      .first()
      .click();
    await page.waitForURL(/\/trace\/S/);
    await page.getByText('What was decided').first().waitFor();
    await page.locator('.refusals').first().waitFor();
    await page.locator('.refusals, .trace').locator('a[href^="/markets/"]').first().click();
    await page.waitForURL(/\/markets\//);
  }, 60_000);

  it('is gone through by keys alone', async () => {
    await page.goto(`${demo.url}/links`);
    await page.locator('tbody .row-link').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Words of a market/ }).fill('Mira Ordan');
    await page
      .getByRole('option', { name: /Mira Ordan/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/markets\/./);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'How to read this desk' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Back to Markets' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/risk$/);
    expect(browser.complaints).toEqual([]);
  }, 60_000);

  it('changes a link by hand once it makes sense', async () => {
    await page.goto(`${demo.url}/links`);
    await page.locator('tbody .row-link').first().click();
    const mismatch = page.getByLabel('Risk of a different outcome').first();
    await mismatch.waitFor();
    const save = page.getByRole('button', { name: 'Save changes' });
    await mismatch.fill('250');
    await page.getByText('At most 100 %').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await mismatch.fill('0.75');
    await save.click();
    await page.getByText('The link is saved and trades').first().waitFor();
    await page.getByText('last decided by founder').waitFor();
  }, 60_000);

  it('stops one account and lets it go on', async () => {
    await page.goto(`${demo.url}/risk`);
    for (const [ask, answer] of [
      ['Stop this account', 'Stop its orders'],
      ['Allow this account again', 'Allow orders'],
    ] as const) {
      await page.getByRole('button', { name: ask }).click();
      await page.getByLabel('Reason, for the journal').fill('drill');
      await page.getByRole('button', { name: answer }).click();
      await page
        .getByText(ask === 'Stop this account' ? 'Its own kill switch on' : 'trading may go on')
        .first()
        .waitFor();
    }
    expect(browser.complaints).toEqual([]);
  }, 60_000);

  deskStory(() => ({ url: demo.url, page, ask, complaints: browser.complaints }));

  it('starts a live worker again that was killed, and says so', async () => {
    const lane = async (): Promise<{ owner: string; epoch: number; state: string }> =>
      (await ask<{ health: { lanes: { owner: string; epoch: number; state: string }[] } }>(
        '{ health { lanes { owner epoch state } } }',
      ).then(({ health }) => health.lanes[0])) as { owner: string; epoch: number; state: string };
    const before = await lane();
    process.kill(Number(before.owner.split(':').at(-1)), 'SIGKILL');
    await expect.poll(() => demo.said(), { timeout: 60_000 }).toContain('worker-live runs again');
    expect(demo.said()).toContain('worker-live ended by itself (SIGKILL); starting it again in 0.5 s');
    await expect
      .poll(
        async () => {
          const now = await lane();
          return now.epoch > before.epoch ? now.state : `epoch ${now.epoch}`;
        },
        { timeout: 90_000, interval: 500 },
      )
      .toBe('running');
  }, 180_000);

  it.skipIf(process.platform !== 'linux')(
    'delivers a notice over a receiver that fails and a jobs worker that is killed',
    async () => {
      try {
        const rule = `{ title: "Desk", kinds: ["integrity"], notifier: "webhook", config: { url: "http://${receives}/" }, active: true }`;
        const made = await ask<{ saveNoticeRule: { id: string } }>(
          `mutation { saveNoticeRule(rule: ${rule}) { ... on Done { id } } }`,
        );
        await ask(`mutation { sendNoticeTest(rule: "${made.saveNoticeRule.id}") { __typename } }`);
        await expect.poll(() => keys.length, { timeout: 60_000 }).toBeGreaterThan(0);
        process.kill(childOf(demo.process.pid!, 'jobs'), 'SIGKILL');
        await expect.poll(() => demo.said(), { timeout: 60_000 }).toContain('worker-jobs runs again');
        const delivery = async (): Promise<unknown> =>
          (
            await ask<{ deliveries: { items: readonly unknown[] } }>(
              '{ deliveries(first: 1) { items { state attempts answer } } }',
            )
          ).deliveries.items[0];
        await expect
          .poll(delivery, { timeout: 60_000, interval: 250 })
          .toEqual({ state: 'delivered', attempts: 2, answer: `received by ${receives}` });
        expect(new Set(keys).size).toBe(1);
      } finally {
        receiver.closeAllConnections();
        receiver.close();
      }
    },
    180_000,
  );

  it('refuses a second start on the same data folder with a sentence', async () => {
    await expect(startDemo(folder)).rejects.toThrow(/already runs on/);
  });

  it('stops cleanly on Ctrl-C and resumes in a second start', async () => {
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(demo.said()).toContain('stopped cleanly');
    demo = await startServer('demo', folder, [], plugins);
    expect(demo.setupUrl).toBeNull();
  }, 240_000);

  it('starts again after kill -9 of the launcher', async () => {
    demo.process.kill('SIGKILL');
    await demo.ended;
    demo = await startServer('demo', folder, [], plugins);
    demo.process.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
  }, 240_000);
});
