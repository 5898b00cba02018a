import { gzipSync } from 'node:zlib';
import type { BenchBrowser } from './bench.browser.js';
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

/** Opens the overview with nothing in the cache. */
export async function firstLoad(browser: BenchBrowser, url: string, cookie: string): Promise<FirstLoad> {
  const interactive: number[] = [];
  const paint: number[] = [];
  const sizes = new Map<string, { readonly raw: number; readonly gzip: number }>();
  for (let round = 0; round < ROUNDS; round++)
    await browser.fresh(url, cookie, async (page) => {
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
    });
  const sum = (of: 'raw' | 'gzip'): number =>
    Math.round([...sizes.values()].reduce((total, size) => total + size[of], 0) / 102.4) / 10;
  return {
    gzipKb: sum('gzip'),
    rawKb: sum('raw'),
    files: sizes.size,
    interactiveMs: Math.round(median(interactive)),
    firstPaintMs: Math.round(median(paint)),
  };
}
