import { OutsideProblem } from '#core';
import type { BenchBrowser } from './bench.browser.js';
import { median } from './samples.js';

const ZOOMS = 8;

export interface ZoomTime {
  /** Quotes the market has on the tape. */
  readonly points: number;
  readonly zooms: number;
  /** From the page's address to a chart of all of them, ms. */
  readonly openMs: number;
  /** From a zoom to the last pixel of what is there, ms. */
  readonly drawnMs: { readonly median: number; readonly worst: number };
  /** The finer reading that follows a zoom, from its request to its last byte, ms. */
  readonly finerMs: { readonly median: number; readonly worst: number };
}

/** Opens the page of a market whose past is long, shows all of it, and zooms in step by step. */
export function zoomTime(
  browser: BenchBrowser,
  url: string,
  cookie: string,
  market: { readonly id: string; readonly points: number },
): Promise<ZoomTime> {
  return browser.fresh(url, cookie, async (page) => {
    const finer: number[] = [];
    let zooming = false;
    page.on('requestfinished', (request) => {
      if (zooming && request.postData()?.includes('query Series')) finer.push(request.timing().responseEnd);
    });
    const chart = page
      .getByRole('img', { name: /^Prices over time/ })
      .locator('canvas')
      .first();
    const began = performance.now();
    await page.goto(`${url}/markets/${encodeURIComponent(market.id)}`);
    await chart.waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.waitForLoadState('networkidle');
    const openMs = performance.now() - began;
    zooming = true;
    for (let i = 0; i < ZOOMS; i++) {
      const answered = finer.length;
      // Not a click with its wait for a still page: a page that lives is never quite still.
      await page.getByRole('button', { name: 'Zoom in' }).dispatchEvent('click');
      for (let wait = 0; wait < 200 && finer.length === answered; wait++) await page.waitForTimeout(50);
      await page.waitForTimeout(100);
    }
    const drawn = await page.evaluate(() =>
      performance.getEntriesByName('market-zoom').map(({ duration }) => duration),
    );
    if (drawn.length === 0 || finer.length === 0)
      throw new OutsideProblem('the page of the market drew no zoom, or asked for no finer reading', false);
    const summed = (times: readonly number[]): ZoomTime['drawnMs'] => ({
      median: Math.round(median(times)),
      worst: Math.round(Math.max(...times)),
    });
    return {
      points: market.points,
      zooms: drawn.length,
      openMs: Math.round(openMs),
      drawnMs: summed(drawn),
      finerMs: summed(finer),
    };
  });
}
