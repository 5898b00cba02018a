import { rmSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { chromium as browsers, type Page, type Request } from 'playwright-core';
import { temporaryFolder } from './demo.spec-support.js';

export interface OpenBrowser {
  readonly page: Page;
  /** What the page's console called an error so far. */
  readonly complaints: readonly string[];
  /** Makes the admin account by the link for the first sign-in, as a person does. */
  setUp(link: string): Promise<void>;
  /** A GraphQL answer, asked from the page with its cookie. */
  ask<T>(query: string): Promise<T>;
  /** Waits until the page has what it asked for and nothing on it moves any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Moving {
  readonly finished: Promise<unknown>;
  readonly effect: { getComputedTiming(): { readonly endTime: number } } | null;
}

/** Runs in the page: waits for what will end by itself to end. */
async function stillness(): Promise<void> {
  const { document } = globalThis as unknown as { document: { getAnimations(): readonly Moving[] } };
  const moving = document
    .getAnimations()
    .filter(({ effect }) => effect && Number.isFinite(effect.getComputedTiming().endTime));
  await Promise.allSettled(moving.map(({ finished }) => finished));
}

const sleep = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

/** A real Chromium from the registry's package, with patience for a busy machine. */
export async function openBrowser(): Promise<OpenBrowser> {
  const folder = temporaryFolder();
  const before = process.env['TMPDIR'];
  // The package reuses any file of its name in the temp folder, whatever its version: give it one of its own.
  process.env['TMPDIR'] = folder;
  const executablePath = await chromium.executablePath();
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  const browser = await browsers.launch({
    executablePath,
    args: [...chromium.args, '--no-sandbox', '--disable-gpu'],
    timeout: 90_000,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const underWay = new Set<Request>();
  page.on('request', (request) => underWay.add(request));
  page.on('requestfinished', (request) => underWay.delete(request));
  page.on('requestfailed', (request) => underWay.delete(request));
  page.on('framenavigated', () => underWay.clear());
  return {
    page,
    complaints,
    async setUp(link) {
      await page.goto(link);
      await page.getByLabel('Name', { exact: false }).first().fill('founder');
      const passwords = page.locator('input[type=password]');
      for (let i = 0; i < (await passwords.count()); i += 1) await passwords.nth(i).fill('a long enough secret');
      await page.locator('button[type=submit]').click();
      await page.waitForURL(`${new URL(link).origin}/`);
    },
    ask: <T>(query: string): Promise<T> =>
      page.evaluate(async (text) => {
        const answer = await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: text }),
        });
        return ((await answer.json()) as { data: T }).data;
      }, query),
    async settled() {
      await page.waitForLoadState('load');
      // An answer may lead to the next question.
      for (let still = 0; still < 3; still = underWay.size === 0 ? still + 1 : 0) await sleep(40);
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      // What is between two colours or two places is neither.
      await page.evaluate(stillness);
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
