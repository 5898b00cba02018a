import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { FrameSource, VENUES, type BenchVenue } from './bench.frames.js';
import type { ServerOrder, ServerWord } from './frame-server.js';

/**
 * The far side of the sockets, in a process of its own. Frames are packed into WebSocket messages beforehand and
 * written in chunks to the upgraded socket, so that the sender is never what is measured.
 */
const CHUNK_BYTES = 32 << 10;
const TICK_MS = 1;

const sockets = new Map<BenchVenue, Duplex>();
const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  const venue = VENUES.find((one) => request.url === `/${one}`);
  if (!venue) return void socket.destroy();
  socket.on('error', () => undefined);
  webSockets.handleUpgrade(request, socket, head, () => {
    sockets.set(venue, socket);
    socket.once('close', () => {
      if (sockets.get(venue) === socket) sockets.delete(venue);
    });
    if (sockets.size === VENUES.length) say({ kind: 'connected' });
  });
});
server.listen(0, '127.0.0.1', () => say({ kind: 'listening', port: (server.address() as AddressInfo).port }));

process.on('message', (order: ServerOrder) => {
  void (order.kind === 'flat' ? flatOut(order) : paced(order));
});
process.on('disconnect', () => process.exit(0));

function say(word: ServerWord): void {
  process.send?.(word);
}

/** One unmasked text message, as a server sends it. */
function packed(text: string): Buffer {
  const body = Buffer.from(text);
  const header =
    body.length < 126
      ? Buffer.from([0x81, body.length])
      : Buffer.from([0x81, 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([header, body]);
}

interface Chunk {
  readonly venue: BenchVenue;
  readonly bytes: Buffer;
}

let kept: { readonly key: string; readonly chunks: readonly Chunk[] } | null = null;

function chunksOf(seed: number, startsAt: number, frames: number): readonly Chunk[] {
  const key = `${seed} ${startsAt} ${frames}`;
  if (kept?.key === key) return kept.chunks;
  const source = new FrameSource(seed, startsAt);
  const open: Record<BenchVenue, { parts: Buffer[]; bytes: number }> = {
    kalshi: { parts: [], bytes: 0 },
    polymarket: { parts: [], bytes: 0 },
  };
  const chunks: Chunk[] = [];
  const close = (venue: BenchVenue): void => {
    if (open[venue].bytes > 0) chunks.push({ venue, bytes: Buffer.concat(open[venue].parts) });
    open[venue] = { parts: [], bytes: 0 };
  };
  for (let n = 0; n < frames; n++) {
    const { venue, text } = source.next();
    const bytes = packed(text);
    open[venue].parts.push(bytes);
    open[venue].bytes += bytes.length;
    if (open[venue].bytes >= CHUNK_BYTES) close(venue);
  }
  for (const venue of VENUES) close(venue);
  kept = { key, chunks };
  return chunks;
}

async function flatOut({ seed, startsAt, frames }: Extract<ServerOrder, { kind: 'flat' }>): Promise<void> {
  const chunks = chunksOf(seed, startsAt, frames);
  say({ kind: 'begins' });
  for (const { venue, bytes } of chunks) {
    const socket = sockets.get(venue);
    if (!socket || socket.destroyed) break;
    if (!socket.write(bytes)) await drained(socket);
  }
  say({ kind: 'sent', framesPerS: null });
}

/** Until the socket takes more, or ends. */
function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      socket.off('drain', go).off('close', go);
      resolve();
    };
    socket.on('drain', go).on('close', go);
  });
}

async function paced(order: Extract<ServerOrder, { kind: 'paced' }>): Promise<void> {
  // Frames carry the moment they are due: what is heard late is late by that.
  const source = new FrameSource(order.seed, Date.now());
  const total = order.framesPerS * order.seconds;
  say({ kind: 'begins' });
  const from = performance.now();
  let made = 0;
  while (made < total && [...sockets.values()].every((socket) => !socket.destroyed)) {
    const due = Math.min(total, Math.floor(((performance.now() - from) / 1000) * order.framesPerS));
    // At most a few ticks' worth at once: a stalled sender does not make a burst of it.
    const upTo = Math.min(due, made + 200);
    const parts: Record<BenchVenue, Buffer[]> = { kalshi: [], polymarket: [] };
    for (; made < upTo; made++) {
      const { venue, text } = source.next();
      parts[venue].push(packed(text));
    }
    for (const venue of VENUES) {
      if (parts[venue].length === 0) continue;
      sockets.get(venue)?.write(Buffer.concat(parts[venue]));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  say({ kind: 'sent', framesPerS: (made / (performance.now() - from)) * 1000 });
}
