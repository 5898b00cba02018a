import { describe, expect, it } from 'vitest';
import { AttemptLimit } from './attempt-limit.js';
import { fromOurPage } from './origin.js';
import { hashPassword, passwordMatches } from './password.js';
import { cookieValue, hashToken, newToken } from './token.js';

describe('a password', () => {
  it('fits its own hash, however its letters were composed, and no other', async () => {
    const stored = await hashPassword('Ångström-12345');
    expect(stored).not.toContain('ngstr');
    expect(await passwordMatches('Ångström-12345'.normalize('NFD'), stored)).toBe(true);
    expect(await passwordMatches('ångström-12345', stored)).toBe(false);
    expect(await passwordMatches('x', 'not a hash')).toBe(false);
  });

  it('is salted', async () => {
    expect(await hashPassword('same password')).not.toBe(await hashPassword('same password'));
  });
});

describe('a token', () => {
  it('is found in a cookie header by its whole name', () => {
    const token = newToken();
    expect(cookieValue(`xarbintel=1; arbintel=${token}; b=2`, 'arbintel')).toBe(token);
    expect(cookieValue('arbintel-live=1', 'arbintel')).toBeNull();
    expect(cookieValue(undefined, 'arbintel')).toBeNull();
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('attempts', () => {
  it('are counted per address within the window', () => {
    const limit = new AttemptLimit(2, 1_000);
    expect([limit.take('a', 0), limit.take('a', 10), limit.take('a', 20), limit.take('b', 20)]).toEqual([0, 0, 980, 0]);
    expect(limit.take('a', 1_001)).toBe(0);
  });

  it('are forgiven after a success', () => {
    const limit = new AttemptLimit(1, 1_000);
    limit.take('a', 0);
    limit.clear('a');
    expect(limit.take('a', 1)).toBe(0);
  });
});

describe('a request', () => {
  it('is ours with our own origin or none', () => {
    expect(fromOurPage({ host: '127.0.0.1:4280', origin: 'http://127.0.0.1:4280' })).toBe(true);
    expect(fromOurPage({ host: '127.0.0.1:4280' })).toBe(true);
  });

  it('is not ours from another host, port, sandbox or site', () => {
    for (const origin of ['http://evil.example', 'http://127.0.0.1:4281', 'null', 'http://127.0.0.1:4280.evil.example'])
      expect(fromOurPage({ host: '127.0.0.1:4280', origin })).toBe(false);
    expect(fromOurPage({ host: '127.0.0.1:4280', 'sec-fetch-site': 'cross-site' })).toBe(false);
  });
});
