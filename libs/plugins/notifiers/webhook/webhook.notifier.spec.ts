import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { BENCH_NOTICE, BENCH_NOW, handedIo, notifierConformance, type HandedWorld } from '#plugin-sdk/testing';
import { webhook } from './webhook.notifier.js';

type World = HandedWorld<typeof webhook.configSchema>;
const world: World = {
  config: { url: 'https://example.org/hooks/1', secret: 'hook' },
  answer: () => ({ ok: true }),
  secrets: { hook: 'hush' },
};
const sent = async (over: Partial<World> = {}) => {
  const { io, calls } = handedIo(webhook.configSchema, { ...world, ...over });
  const line = await webhook.deliver(io, BENCH_NOTICE);
  return { line, call: calls[0] };
};

describe('the webhook as a notifier', () => {
  it.each(notifierConformance(webhook, world))('$name', ({ run }) => run());
});

describe('a posted notice', () => {
  it('is signed over its moment, its id and its very bytes', async () => {
    const { call, line } = await sent();
    const body = call.body as string;
    const wanted = createHmac('sha256', 'hush').update(`${BENCH_NOW}.${BENCH_NOTICE.id}.${body}`).digest('hex');
    expect(call.headers).toEqual({
      'content-type': 'application/json',
      'idempotency-key': BENCH_NOTICE.id,
      'arbintel-timestamp': String(BENCH_NOW),
      'arbintel-signature': `v1=${wanted}`,
    });
    expect(JSON.parse(body)).toEqual({ ...BENCH_NOTICE, entry: BENCH_NOTICE.entry });
    expect(line).toBe('received by example.org');
    expect(JSON.stringify(call)).not.toContain('hush');
  });

  it('goes without a signature when no secret is named, and without the entry when that is not wanted', async () => {
    const { call } = await sent({ config: { ...world.config, secret: '', entry: false } });
    expect(call.headers).not.toHaveProperty('arbintel-signature');
    expect(Object.keys(JSON.parse(call.body as string) as object)).toEqual(['id', 'at', 'workflow', 'sentence']);
  });

  it('goes nowhere without an address or with a secret nobody stored', async () => {
    await expect(sent({ config: {} })).rejects.toThrow(UserProblem);
    await expect(sent({ secrets: {} })).rejects.toThrow(UserProblem);
  });
});
