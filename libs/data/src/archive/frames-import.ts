import { createHash } from 'node:crypto';
import { readCapture, tapeOfFrames, type FramesTape } from '#engine';
import type { VenuePlugin } from '#plugin-sdk';
import type pg from 'pg';
import { importEvents, type EventsImport } from './events-import.js';
import { laneFor } from './import-lane.js';

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
