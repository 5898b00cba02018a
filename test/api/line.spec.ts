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

/** A real page in a real browser, over a line that breaks. */
describe.skipIf(!existsSync(join(page, 'index.html')))('a browser that loses the server (needs the built page)', () => {
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
  const listed = (open: Page): Promise<string[]> => open.locator('ol[aria-label="Journal entries"] li').allInnerTexts();
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
