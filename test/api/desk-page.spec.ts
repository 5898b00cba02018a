import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { webRoot } from '../../apps/api/src/web/web-root.js';
import { builtInPlugins } from '#host';
import { openBrowser, type OpenBrowser } from '../system/browser.spec-support.js';
import { DeskBench } from './desk-bench.js';
import { FlakyLine } from './flaky-line.js';

const page = webRoot(import.meta.dirname);
const DONE = '{ ... on ActDone { seq } ... on Problem { message } }';
const STALE = 'Stale: the connection to the server is lost.';

/** A real page in a real browser, over a line that may break. */
describe.skipIf(!existsSync(join(page, 'index.html')))('a person at the desk (needs the built page)', () => {
  let desk: DeskBench;
  let line: FlakyLine;
  let browser: OpenBrowser;
  beforeAll(async () => {
    [desk, browser] = await Promise.all([DeskBench.start(undefined, page), openBrowser()]);
    line = await FlakyLine.to(desk.url);
    browser.page.setDefaultTimeout(20_000);
    const at = desk.cookie.indexOf('=');
    const cookie = { name: desk.cookie.slice(0, at), value: desk.cookie.slice(at + 1), url: line.url };
    await browser.page.context().addCookies([cookie]);
  });
  afterAll(async () => {
    await browser?.close();
    await line?.stop();
    await desk?.stop();
  });

  describe('who switches a workflow', () => {
    const modeOf = async (): Promise<string> => {
      const { data } = await desk.ask('{ workflows { id mode } }');
      return data.workflows.find(({ id }: { id: string }) => id === 'desk-story')?.mode;
    };

    it('is asked before it trades, and takes back what stopped it', async () => {
      const { page: open } = browser;
      const { data } = await desk.ask(
        `mutation ($input: WorkflowInput!) { saveWorkflow(input: $input) { ... on WorkflowSaved { id } ... on Problem { message } } }`,
        { input: { title: 'Desk story', plugin: 'exclusive-bundle', account: 'main', mode: 'shadow' } },
      );
      expect(data.saveWorkflow).toEqual({ id: 'desk-story' });
      await open.goto(`${line.url}/workflows`);
      const modes = open.getByRole('group', { name: 'Mode of Desk story' });
      await modes.getByRole('button', { name: 'On' }).click();
      const asked = open.getByRole('dialog', { name: 'Let Desk story trade?' });
      await asked.getByText(/orders on paper from .+ free/).waitFor();
      await asked.getByRole('button', { name: 'Cancel' }).click();
      expect(await modeOf()).toBe('shadow');

      await modes.getByRole('button', { name: 'On' }).click();
      await asked.getByRole('button', { name: 'Let it trade' }).click();
      await expect.poll(modeOf).toBe('paper');
      await modes.locator('button[aria-pressed=true]', { hasText: 'On' }).waitFor();

      await modes.getByRole('button', { name: 'Off' }).click();
      await open.getByText(/Desk story is now off: its resting orders are cancelled/).waitFor();
      await expect.poll(modeOf).toBe('off');
      await open.getByRole('button', { name: 'Undo' }).last().click();
      await expect.poll(modeOf).toBe('paper');
    });
  });

  it('reads and types settings in cents and seconds, and is told at the field what is wrong', async () => {
    const { page: open } = browser;
    await open.goto(`${line.url}/workflows/new?plugin=news-momentum`);
    const least = open.getByLabel('Least move beyond costs');
    expect(await least.inputValue()).toBe('0.5');
    await least.fill('90');
    await open.getByLabel('Title').fill('Cents');
    await open.getByRole('button', { name: 'Make the workflow' }).click();
    await open.getByText('Only 0 to 50 ¢ a contract').waitFor();
    expect(open.url()).toContain('/workflows/new');
    await least.fill('0.7');
    await open.getByRole('button', { name: 'Make the workflow' }).click();
    await open.waitForURL('**/workflows/cents');
    const { data } = await desk.ask('{ workflow(id: "cents") { config } }');
    expect(data.workflow.config.minMove).toBe(0.007);
  });

  describe('who looks for a counterpart', () => {
    const QUESTIONS = {
      'polymarket:fed25': 'Fed decreases interest rates by 25 bps after December 2026 meeting?',
      'kalshi:FED-25': 'Will the Federal Reserve cut rates by 25 bps at its December 2026 meeting?',
      'kalshi:FED-50': 'Will the Federal Reserve cut rates by 50 bps at its December 2026 meeting?',
    };

    it('is shown the likest first, and is told of 25 and 50 basis points', async () => {
      const { page: open } = browser;
      await desk.addMarkets('a');
      for (const [i, [id, title]] of Object.entries(QUESTIONS).entries())
        await desk.pool.query(
          `insert into market_state select (jsonb_populate_record(m, jsonb_build_object('id', $1::text, 'ref', m.ref + 1000 + $3::int,
             'venue', split_part($1, ':', 1), 'title', $2::text, 'info', m.info || jsonb_build_object('id', $1::text, 'title', $2::text)))).*
           from market_state m limit 1`,
          [id, title, i],
        );
      const { data } = await desk.ask(
        '{ linkSuggestions { looked items { a { id } b { id } likeness { polarity } } } linkLikeness(a: "kalshi:FED-25", b: "kalshi:FED-50") { differences { kind breaks a b } } }',
      );
      expect(
        data.linkSuggestions.items.map(({ a, b }: { a: { id: string }; b: { id: string } }) => [a.id, b.id].sort()),
      ).toEqual([['kalshi:FED-25', 'polymarket:fed25']]);
      expect(data.linkLikeness.differences).toContainEqual({
        kind: 'threshold',
        breaks: true,
        a: '25 bps',
        b: '50 bps',
      });

      await open.goto(`${line.url}/links/new?a=polymarket:fed25`);
      const found = open.locator('section', { hasText: 'May ask the same at Kalshi' }).locator('li');
      await found.first().waitFor();
      expect(await found.first().innerText()).toContain('by 25 bps');
      await found.first().getByRole('button', { name: 'Compare' }).click();
      await open.getByText('The questions are').waitFor();
      await open.goto(`${line.url}/links/new?a=polymarket:fed25&b=kalshi:FED-50`);
      const row = open.getByRole('row', { name: /Number other question/ });
      expect(await row.innerText()).toMatch(/25 bps\s+50 bps/);
      await open.getByRole('button', { name: 'Write these into the link' }).click();
      expect(await open.getByLabel('Differences of the rules, one a line').inputValue()).toContain(
        'Number: 25 bps at Polymarket; 50 bps at Kalshi',
      );
    });
  });

  it('looks far back, and only what can be seen is drawn', async () => {
    const { page: open } = browser;
    await desk.pool.query(
      `insert into run (id, kind, title, state, started_at)
       select 'old-' || n, 'links', 'Old run ' || n, 'done', n from generate_series(1, 200) n`,
    );
    await open.goto(`${line.url}/runs?kind=links`);
    const drawn = open.locator('tr[aria-rowindex]');
    for (let pages = 0; pages < 3; pages++) await open.getByRole('button', { name: 'Older runs' }).click();
    await open.getByRole('button', { name: 'Older runs' }).waitFor({ state: 'detached' });
    expect(await drawn.count()).toBeLessThan(70);
    await open.keyboard.press('End');
    await open.getByRole('link', { name: 'Old run 1', exact: true }).waitFor();
    expect(await drawn.count()).toBeLessThan(70);
  });

  describe('who loses the server', () => {
    let paid = 0;
    /** Something that happens whether or not the page hears it: a line of the journal. */
    const pay = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        paid += 1;
        const { data } = await desk.ask(
          `mutation ($amount: Micros!) { moveCash(account: "main", amount: $amount) ${DONE} }`,
          { amount: paid * 1_000_000 },
        );
        expect(data.moveCash.message).toBeUndefined();
      }
    };
    /** The payments the page lists, newest first. */
    const listed = (open: Page): Promise<string[]> =>
      open.locator('ol[aria-label="Journal entries"] li').allInnerTexts();
    const allListed = async (open: Page): Promise<void> => {
      const wanted = Array.from({ length: paid }, (_, i) => `$${paid - i}.00`);
      await expect
        .poll(async () => (await listed(open)).map((text) => /\$\d+\.00/.exec(text)?.[0]), { timeout: 20_000 })
        .toEqual(wanted);
    };
    const openJournal = async (open: Page): Promise<void> => {
      await open.goto(`${line.url}/system`);
      await open.getByRole('group', { name: 'Kinds of entries' }).getByRole('button', { name: 'Cash' }).click();
      await allListed(open);
    };

    it('says that what it shows is old, goes on by itself and misses nothing', async () => {
      const { page: open } = browser;
      await pay(1);
      await openJournal(open);
      await pay(1);
      await allListed(open);

      line.cut();
      await open.getByText(STALE).waitFor();
      expect(await open.title()).toMatch(/^Stale · System/);
      await pay(3);
      expect(await listed(open)).toHaveLength(2);

      line.mend();
      await open.getByText(STALE).waitFor({ state: 'detached' });
      expect(await open.title()).toMatch(/^System/);
      await allListed(open);
      // It listens again: what comes from now on is pushed.
      await pay(1);
      await allListed(open);
    });

    it('goes on over a restart of the server', async () => {
      const { page: open } = browser;
      await desk.stopApi();
      await open.getByText(STALE).waitFor();
      await desk.startApi(builtInPlugins());
      line.target = desk.url;
      await open.getByText(STALE).waitFor({ state: 'detached' });
      await pay(2);
      await allListed(open);
    });

    it('finds out after a sleep that the network is gone, though no one said so', async () => {
      const { page: open } = browser;
      await open.clock.install();
      await openJournal(open);
      line.silence();
      // The lid is closed for an hour, and no frame comes after it is opened.
      await open.clock.fastForward(3_600_000);
      await open.clock.runFor(6_000);
      await open.getByText(STALE).waitFor();
      await pay(2);
      line.mend();
      for (let i = 0; i < 40 && (await open.getByText(STALE).isVisible()); i++) await open.clock.runFor(1_000);
      await allListed(open);
    });
  });
});
