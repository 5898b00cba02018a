import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { UserProblem } from '#core';
import { readCapture, tapeOfFrames, type FramesTape } from '#engine';
import type { VenuePlugin } from '#plugin-sdk';
import type pg from 'pg';
import { importEvents, type EventsImport } from './events-import.js';
import { laneFor } from './import-lane.js';

/** A capture is held whole, several times its size: what its frames say of their markets is known at its end. */
const MOST_BYTES = 128 << 20;

/** @throws UserProblem when it cannot be read, or is too large to be held. */
export async function readFrames(path: string): Promise<string> {
  const info = await stat(path).catch((error: unknown) => {
    throw new UserProblem(`the capture cannot be read: ${(error as Error).message}`);
  });
  if (info.size > MOST_BYTES)
    throw new UserProblem(
      `the capture has ${Math.ceil(info.size / 1_048_576)} MB; import it in pieces of at most ${MOST_BYTES / 1_048_576}, each beginning with the snapshots of its books`,
    );
  return readFile(path, 'utf8');
}

/** Captured frames into a lane of their own, or that of an earlier try at the same file. */
export async function importFrames(
  pool: pg.Pool,
  plugin: VenuePlugin,
  content: string,
  asked: number | undefined,
  now: number,
  watch: Pick<EventsImport, 'progress' | 'signal'> = {},
): Promise<FramesTape & { readonly lane: number; readonly written: number }> {
  const digest = createHash('sha256').update(`${plugin.manifest.id}\n`).update(content).digest('hex');
  const frames = readCapture(content);
  const lane = asked ?? (await laneFor(pool, digest));
  const tape = tapeOfFrames(plugin, frames, lane);
  const written = await importEvents(pool, { lane, digest, events: tape.events, now, ...watch });
  return { ...tape, lane, written };
}
