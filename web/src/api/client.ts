import { Client, fetchExchange, subscriptionExchange } from '@urql/vue';
import { createClient as createSocketClient } from 'graphql-ws';
import { ref } from 'vue';
import { SilenceWatch } from './silence';

/**
 * When the server was last heard, ms, once the one socket all subscriptions share is lost; `null` while it is not. What the
 * page shows is as old.
 */
export const lostSince = ref<number | null>(null);
/** Counts reconnections: whoever loaded something over HTTP loads it again when this grows. */
export const reconnections = ref(0);

let onSignedOut: () => void = () => undefined;
/** Called when the server no longer knows the cookie, on HTTP (401) or on the socket (4401, 4403). */
export function whenSignedOut(go: () => void): void {
  onSignedOut = go;
}

const PING_MS = 4_000;
const SILENT_MS = 10_000;
const TICK_MS = 1_000;
const watch = new SilenceWatch({ limitMs: SILENT_MS, graceMs: 4_000 });
const openedAt = Date.now();

let everConnected = false;
let hurry: () => void = () => undefined;
const socket = createSocketClient({
  url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: true,
  lazyCloseTimeout: 5_000,
  keepAlive: PING_MS,
  retryAttempts: Infinity,
  retryWait: async (retries) => {
    const ms = Math.min(500 * 2 ** retries, 8_000);
    await new Promise<void>((resolve) => {
      hurry = resolve;
      setTimeout(resolve, ms * (0.75 + Math.random() / 2));
    });
  },
  shouldRetry: (closed) => !isRefusal(closed),
  on: {
    connecting: () => watch.opening(Date.now()),
    message: () => watch.heard(Date.now()),
    connected: () => {
      if (everConnected) reconnections.value += 1;
      everConnected = true;
      lostSince.value = null;
    },
    closed: (event) => {
      watch.closed();
      if (isRefusal(event)) return onSignedOut();
      const meant = event instanceof CloseEvent && event.wasClean && event.code === 1000;
      lostSince.value = meant ? null : (lostSince.value ?? watch.heardAt ?? openedAt);
    },
  },
});

// A network that went away, or a machine that slept, leaves the socket open and silent.
setInterval(() => {
  if (watch.isDead(Date.now())) socket.terminate();
}, TICK_MS);
// Who comes back to the page, or to the network, waits for no pause between two tries.
addEventListener('online', () => hurry());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') hurry();
});

function isRefusal(event: unknown): boolean {
  return event instanceof CloseEvent && (event.code === 4401 || event.code === 4403);
}

/** No cache between: subscriptions bring what changed, and a page that opens asks for what is true now. */
export const client = new Client({
  url: '/graphql',
  requestPolicy: 'network-only',
  preferGetMethod: false,
  fetchOptions: { credentials: 'same-origin' },
  fetch: async (input, init) => {
    const response = await fetch(input, init);
    if (response.status === 401) onSignedOut();
    return response;
  },
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (operation) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe(
            { query: operation.query ?? '', variables: operation.variables },
            {
              next: (value) => sink.next({ data: value.data, errors: value.errors ? [...value.errors] : undefined }),
              error: (error) => sink.error(error),
              complete: () => sink.complete(),
            },
          ),
        }),
      }),
    }),
  ],
});
