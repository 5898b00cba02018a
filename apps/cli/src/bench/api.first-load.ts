import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median } from './samples.js';

const ROUNDS = 3;

export interface FirstLoad {
  /** All that the first page needs, each file by itself as a compressing server would send it. */
  readonly gzipKb: number;
  readonly rawKb: number;
  readonly files: number;
  /** From the request to a page that shows its heading and takes a click, ms; median of cold loads. */
  readonly interactiveMs: number;
  readonly firstPaintMs: number;
}

/** Opens the overview in a real browser with nothing in its cache. A sentence instead where no browser can be had. */
export async function firstLoad(url: string, cookie: string): Promise<FirstLoad | string> {
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
  try {
    const interactive: number[] = [];
    const paint: number[] = [];
    const sizes = new Map<string, { readonly raw: number; readonly gzip: number }>();
    for (let round = 0; round < ROUNDS; round++) {
      // Of one process: it ends with its first context.
      const browser = await browsers.launch({
        executablePath,
        args: [...chromium.args, '--no-sandbox', '--disable-gpu'],
      });
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      await context.addCookies([{ name: 'arbintel-demo', value: cookie, url }]);
      const page = await context.newPage();
      const reading: Promise<void>[] = [];
      page.on('response', (response) => {
        const path = new URL(response.url()).pathname;
        if (path === '/graphql' || path.startsWith('/auth/')) return;
        const read = response.body().then(
          (body) => void sizes.set(path, { raw: body.length, gzip: gzipSync(body).length }),
          () => undefined,
        );
        reading.push(read);
      });
      const began = performance.now();
      await page.goto(url, { waitUntil: 'commit' });
      await page.getByRole('link', { name: 'Markets', exact: true }).click({ trial: true });
      await page.getByRole('heading').first().waitFor();
      interactive.push(performance.now() - began);
      await page.waitForLoadState('load');
      await Promise.all(reading);
      const painted = await page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      );
      paint.push(painted);
      await browser.close();
    }
    const sum = (of: 'raw' | 'gzip'): number =>
      Math.round([...sizes.values()].reduce((total, size) => total + size[of], 0) / 102.4) / 10;
    return {
      gzipKb: sum('gzip'),
      rawKb: sum('raw'),
      files: sizes.size,
      interactiveMs: Math.round(median(interactive)),
      firstPaintMs: Math.round(median(paint)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
