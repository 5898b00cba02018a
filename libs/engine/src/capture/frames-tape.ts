import { UserProblem, type TapeEvent, type VenueId } from '#core';
import type { VenuePlugin } from '#plugin-sdk';
import { Intake } from '../intake/index.js';
import { indexCapture } from './capture.markets.js';
import type { CapturedFrame } from './capture.read.js';

/** Before 2001: a file that does not say when its frames came is read in steps of a millisecond from 1. */
const MADE_UP_BEFORE = 1_000_000_000_000;

export interface FramesTape {
  readonly events: readonly TapeEvent[];
  /** What the venue's parser could not take, by line from 1. */
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
}

/** What a lane would have put on its tape when it heard these frames. */
export function tapeOfFrames(plugin: VenuePlugin, frames: readonly CapturedFrame[], lane: number): FramesTape {
  const { infos, messages } = indexCapture(plugin, frames);
  if (infos.length === 0)
    throw new UserProblem('no frame of this file speaks of a market: it is no capture of the socket');
  const first = frames[0]?.at ?? 0;
  if (first < MADE_UP_BEFORE)
    throw new UserProblem(
      'the capture does not say when its frames were received: wrap each as {"received_ms", "frame"}',
    );
  const events: TapeEvent[] = [];
  let at = first;
  const venue = plugin.manifest.id as VenueId;
  const intake = new Intake({
    wires: new Map([[venue, plugin.wire]]),
    emit: (event) => events.push({ ...event, lane, seq: events.length + 1, at } as TapeEvent),
    hashEveryMs: 0,
  });
  intake.open(
    1,
    venue,
    infos.map((info) => intake.market(info)),
  );
  for (const frame of frames) {
    at = Math.max(at, frame.at);
    intake.frame(1, frame.text, frame.at);
  }
  const refused = messages.flatMap((said, index) =>
    said.flatMap((message) =>
      message.kind === 'rejected' ? [{ line: frames[index].line, reason: message.reason }] : [],
    ),
  );
  return { events, refused };
}
