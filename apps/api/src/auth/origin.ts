import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request comes from our own page or from no page at all. Browsers send `Origin` with every socket and every
 * POST; a foreign one is refused whatever cookie comes with it.
 */
export function fromOurPage(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined)
    return (
      headers['sec-fetch-site'] === undefined ||
      headers['sec-fetch-site'] === 'same-origin' ||
      headers['sec-fetch-site'] === 'none'
    );
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
