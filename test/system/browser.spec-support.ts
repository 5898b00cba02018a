import { rmSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { chromium as browsers, type Page } from 'playwright-core';
import { temporaryFolder } from './demo.spec-support.js';

export interface OpenBrowser {
  readonly page: Page;
  /** What the page's console called an error so far. */
  readonly complaints: readonly string[];
  /** Makes the admin account by the link for the first sign-in, as a person does. */
  setUp(link: string): Promise<void>;
  /** A GraphQL answer, asked from the page with its cookie. */
  ask<T>(query: string): Promise<T>;
  close(): Promise<void>;
}

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
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
