import { expect, it } from 'vitest';
import { passageTo } from './public-address.js';

it('says of a refusal which setting may allow it, and has no word of its own for that', () => {
  const inside = new URL('http://127.0.0.1:9/');
  for (const setting of ['ARBINTEL_NEWS_PRIVATE_HOSTS', 'ARBINTEL_NOTICE_PRIVATE_HOSTS'])
    expect(() => passageTo(inside, new Set(), setting)).toThrow(`${setting} has to name it`);
  // @ts-expect-error whoever asks has to say which setting is his: a usual one would send people to another's.
  expect(() => passageTo(inside, new Set())).toThrow('no public address');
});
