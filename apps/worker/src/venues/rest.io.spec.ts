import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { OutsideProblem } from '#core';
import { createVenueIo, type RestOutlook, leastSkew } from './rest.io.js';

let server: Server | null = null;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
});

type Answer = {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly delayMs?: number;
};

async function answering(answers: readonly Answer[], outlook: Partial<RestOutlook> = {}) {
  const heard: { readonly at: number; readonly signature: string }[] = [];
  server = createServer((request, response) => {
    const answer = answers[Math.min(heard.length, answers.length - 1)];
    heard.push({ at: Date.now(), signature: String(request.headers['x-signature'] ?? '') });
    setTimeout(() => {
      response.writeHead(answer.status ?? 200, answer.headers ?? {});
      response.end(answer.body ?? '{}');
    }, answer.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const io = createVenueIo(
    {},
    {
      venue: 'Toy',
      budget: { tokensPerSecond: 1000, burst: 1000, defaultCost: 1 },
      share: 1,
      now: Date.now,
      random: () => 0.5,
      timeoutMs: 10_000,
      attempts: 3,
      firstWaitMs: 20,
      ...outlook,
    },
  );
  return { io, heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/books?secret=1` };
}

const problem = async (work: Promise<unknown>): Promise<OutsideProblem> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OutsideProblem);
  return error as OutsideProblem;
};

describe('REST as plugins are handed it', () => {
  it('tries again after 429 and 5xx, signing each attempt afresh', async () => {
    const { io, heard, url } = await answering([{ status: 429 }, { status: 503 }, { body: '{"ok":1}' }]);
    let signature = 0;
    expect(await io.get(url, { headers: () => ({ 'x-signature': String(++signature) }) })).toEqual({ ok: 1 });
    expect(heard.map((one) => one.signature)).toEqual(['1', '2', '3']);
  });

  it('gives up after the last attempt and says the status without the query', async () => {
    const { io, heard, url } = await answering([{ status: 500 }]);
    const error = await problem(io.get(url));
    expect(error.status).toBe(500);
    expect(error.message).not.toContain('secret');
    expect(heard.length).toBe(3);
  });

  it('does not repeat what the venue has refused', async () => {
    const { io, heard, url } = await answering([{ status: 401 }]);
    expect((await problem(io.get(url))).status).toBe(401);
    expect(heard.length).toBe(1);
  });

  it('answers null for what is missing, when asked so', async () => {
    const { io, url } = await answering([{ status: 404 }]);
    expect(await io.get(url, { missingIsNull: true })).toBeNull();
    expect((await problem(io.get(url))).status).toBe(404);
  });

  it('keeps to the budget of the venue, in its own tokens', async () => {
    const { io, heard, url } = await answering([{}], { budget: { tokensPerSecond: 100, burst: 20, defaultCost: 10 } });
    const from = Date.now();
    await Promise.all(Array.from({ length: 5 }, () => io.get(url)));
    // Fifty tokens, of which twenty were there: the fifth waits for thirty.
    expect(heard[4].at - from).toBeGreaterThanOrEqual(299);
  });

  it('does not wait for an answer longer than the limit', async () => {
    const { io, url } = await answering([{ delayMs: 1000 }], { attempts: 1, timeoutMs: 200 });
    expect((await problem(io.get(url))).message).toContain('did not answer');
  });

  it('says that a venue cannot be reached', async () => {
    const { io } = await answering([{}], { attempts: 1 });
    expect((await problem(io.get('http://127.0.0.1:1/'))).message).toContain('did not answer at http://127.0.0.1:1/');
  });

  it('tells how far the venue’s clock is from ours', async () => {
    const skews: number[] = [];
    const { io, url } = await answering([{ headers: { date: new Date(Date.now() + 60_000).toUTCString() } }], {
      onSkew: (ms) => skews.push(ms),
    });
    await io.get(url);
    expect(skews[0]).toBeGreaterThan(58_000);
    expect(skews[0]).toBeLessThan(62_000);
  });

  it('calls of a difference of clocks only what whole seconds and the way cannot explain', () => {
    const date = Date.parse('2026-11-23T12:00:00Z');
    expect(leastSkew(date, date + 100, date + 200)).toBe(0);
    expect(leastSkew(date, date - 300, date + 50)).toBe(0);
    expect(leastSkew(date, date + 900, date + 1500)).toBe(0);
    expect(leastSkew(date, date - 2100, date - 2000)).toBe(2000);
    expect(leastSkew(date, date + 3000, date + 3100)).toBe(-2001);
  });

  it('stops waiting when the process stops', async () => {
    const stop = new AbortController();
    const { io, url } = await answering([{ delayMs: 150 }], { signal: stop.signal });
    const asked = problem(io.get(url));
    stop.abort();
    expect((await asked).retry).toBe(false);
  });
});
