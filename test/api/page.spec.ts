import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { startApi } from '../../apps/api/src/server.js';
import { ApiBench } from './api-bench.js';

let bench: ApiBench;
beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
});
afterAll(() => bench?.stop());

describe('the page', () => {
  it('comes with safe headers, at every address of its own', async () => {
    const response = await fetch(`${bench.api.url}/markets/${encodeURIComponent('kalshi:KXFED')}`, {
      headers: { accept: 'text/html' },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>page</title>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    // Nothing may compile code at run time, and no script may stand in the page itself.
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe-eval');
    expect(response.headers.get('content-security-policy')).not.toMatch(/(default|script)-src[^;]*unsafe-inline/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await fetch(`${bench.api.url}/assets/app-1a2b.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-security-policy')).toBeTruthy();
    expect((await fetch(`${bench.api.url}/`, { headers: { accept: 'text/html' } })).status).toBe(200);
    expect((await fetch(`${bench.api.url}/healthz`)).status).toBe(200);
  });

  it('comes at addresses whose ids have dots, too', async () => {
    for (const path of ['/trace/S2808.0', '/markets/kalshi%3AKXRATE-27.5']) {
      const response = await fetch(`${bench.api.url}${path}`, { headers: { accept: 'text/html' } });
      expect([path, response.status]).toEqual([path, 200]);
    }
    for (const path of ['/robots.txt', '/assets/none.js'])
      expect((await fetch(`${bench.api.url}${path}`, { headers: { accept: 'text/html' } })).status).toBe(404);
  });

  it('leaves what is missing missing', async () => {
    expect((await fetch(`${bench.api.url}/assets/none.js`, { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await fetch(`${bench.api.url}/../../etc/passwd`)).status).toBe(404);
    expect(await (await fetch(`${bench.api.url}/none`)).json()).toEqual({
      message: 'There is nothing at this address.',
      fields: [],
    });
    expect((await bench.post('/none', {})).status).toBe(404);
  });

  it('says so when it was not built', async () => {
    const bare = await startApi({ ...bench.options, pageDir: join(bench.options.pageDir!, 'none') });
    const response = await fetch(`${bare.url}/`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('The page is not built');
    await bare.stop();
  });
});

describe('a database that goes away', () => {
  it('is told to an open page, and the server lives on', async () => {
    const { health } = await bench.hear<{
      health: { database: string; lanes: { recording: boolean; problem: string }[] };
    }>(
      'subscription { health { database lanes { recording problem } } }',
      (data) => data.health.database === 'not answering',
      () => bench.database.stop(),
    );
    expect(health.lanes[0]).toMatchObject({
      recording: false,
      problem: expect.stringContaining('database does not answer'),
    });
    const answer = await bench.post('/graphql', { query: '{ viewer { id } }' }, { cookie: bench.cookie });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: 'OUTSIDE',
      message: expect.stringContaining('database does not answer'),
    });
    expect((await fetch(`${bench.api.url}/healthz`)).status).toBe(200);
  });
});
