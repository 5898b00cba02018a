import { constants, createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The one key the simulated exchange knows. Made at the first start and kept with the state. */
export interface ExchangeKey {
  readonly id: string;
  readonly privateKeyFile: string;
  readonly publicKey: KeyObject;
}

export const KEY_FILE = 'kalshi-private-key.pem';

export function exchangeKey(folder: string): ExchangeKey {
  const file = join(folder, KEY_FILE);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  return { id: 'simulator-key', privateKeyFile: file, publicKey: createPublicKey(readFileSync(file)) };
}

/** A signature older or newer than this is refused. */
const MOST_SKEW_MS = 5_000;

export type Signed =
  | { readonly kind: 'none' }
  | { readonly kind: 'good' }
  | { readonly kind: 'bad'; readonly reason: string };

/**
 * Checks the three headers: RSA-PSS over SHA-256 with MGF1-SHA-256, of timestamp + method + path without query. Both the
 * digest's and the greatest salt length are taken.
 */
export function checkSignature(
  key: ExchangeKey,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  method: string,
  path: string,
  now: number,
): Signed {
  const [id, stamp, signature] = ['kalshi-access-key', 'kalshi-access-timestamp', 'kalshi-access-signature'].map(
    (name) => headers[name],
  );
  if (id === undefined && stamp === undefined && signature === undefined) return { kind: 'none' };
  if (typeof id !== 'string' || typeof stamp !== 'string' || typeof signature !== 'string')
    return { kind: 'bad', reason: 'header missing' };
  if (id !== key.id) return { kind: 'bad', reason: 'unknown key' };
  if (!/^\d{13}$/.test(stamp) || Math.abs(Number(stamp) - now) > MOST_SKEW_MS)
    return { kind: 'bad', reason: 'timestamp out of range' };
  const good = verify(
    'sha256',
    Buffer.from(`${stamp}${method}${path}`),
    { key: key.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
    Buffer.from(signature, 'base64'),
  );
  return good ? { kind: 'good' } : { kind: 'bad', reason: 'signature does not verify' };
}
