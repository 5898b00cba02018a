import { createHmac } from 'node:crypto';
import type { Instant } from '#core';

/**
 * `v1=` and the lower-case hex of HMAC-SHA-256 over `TIMESTAMP.ID.BODY`, keyed with the secret's UTF-8 bytes. The moment is part
 * of what is signed, so that a recorded request cannot be played again later; the id is, so that it cannot pass for another.
 */
export const signatureOf = (secret: string, at: Instant, id: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${at}.${id}.${body}`).digest('hex')}`;
