import { Client, fetchExchange, subscriptionExchange } from '@urql/vue';
import { createClient as createSocketClient } from 'graphql-ws';
import { ref } from 'vue';

/** State of the one socket all subscriptions share. `lost` shows a banner; data on the page is then the last known. */
export const connection = ref<'idle' | 'live' | 'lost'>('idle');
/** Counts reconnections: whoever loaded something over HTTP loads it again when this grows. */
export const reconnections = ref(0);

let onSignedOut: () => void = () => undefined;
/** Called when the server no longer knows the cookie, on HTTP (401) or on the socket (4401, 4403). */
export function whenSignedOut(go: () => void): void {
  onSignedOut = go;
}

let everConnected = false;
const socket = createSocketClient({
  url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: true,
  lazyCloseTimeout: 5_000,
  keepAlive: 12_000,
  retryAttempts: Infinity,
  retryWait: async (retries) => {
    const ms = Math.min(500 * 2 ** retries, 8_000);
    await new Promise((resolve) => setTimeout(resolve, ms * (0.75 + Math.random() / 2)));
  },
  shouldRetry: (closed) => !isRefusal(closed),
  on: {
    connected: () => {
      if (everConnected) reconnections.value += 1;
      everConnected = true;
      connection.value = 'live';
    },
    closed: (event) => {
      if (isRefusal(event)) onSignedOut();
      else connection.value = event instanceof CloseEvent && event.wasClean && event.code === 1000 ? 'idle' : 'lost';
    },
  },
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
