import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** A busy machine is slow, not broken. */
const PATIENCE_MS = 120_000;

export interface BenchBrowser {
  /** A signed-in page of a browser with nothing in its cache. */
  fresh<T>(url: string, cookie: string, look: (page: Page) => Promise<T>): Promise<T>;
  close(): void;
}

/** A real Chromium; a sentence instead where none can be had. */
export async function benchBrowser(): Promise<BenchBrowser | string> {
  const packages = await Promise.all([import('@sparticuz/chromium'), import('playwright-core')]).catch(() => null);
  if (packages === null) return 'skipped: the packages of the browser tests are not installed';
  const [{ default: chromium }, { chromium: browsers }] = packages;
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-chromium-'));
  const before = process.env['TMPDIR'];
  // The package takes any file of its name in the temp folder, whatever its version: give it one of its own.
  process.env['TMPDIR'] = folder;
  const executablePath = await chromium.executablePath();
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  return {
    async fresh(url, cookie, look) {
      // Of one process: it ends with its first context.
      const browser = await browsers.launch({
        executablePath,
        args: [...chromium.args, '--no-sandbox', '--disable-gpu'],
        timeout: PATIENCE_MS,
      });
      try {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        await context.addCookies([{ name: 'arbintel-demo', value: cookie, url }]);
        const page = await context.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        return await look(page);
      } finally {
        await browser.close();
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
