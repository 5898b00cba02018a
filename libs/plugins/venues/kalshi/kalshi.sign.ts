import { constants, sign } from 'node:crypto';
import type { Instant } from '#core';

/**
 * Headers of a signed request: RSA-PSS over SHA-256 of timestamp, method and path (without host and without query),
 * salt as long as the digest. Seconds of clock skew, and the query in the path, both give 401.
 */
export function signedHeaders(
  key: { readonly id: string; readonly pem: string },
  method: string,
  url: string,
  now: Instant,
): Record<string, string> {
  const timestamp = String(Math.round(now));
  const signature = sign('sha256', Buffer.from(`${timestamp}${method}${new URL(url).pathname}`), {
    key: key.pem,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  return {
    'KALSHI-ACCESS-KEY': key.id,
    'KALSHI-ACCESS-TIMESTAMP': timestamp,
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  };
}
