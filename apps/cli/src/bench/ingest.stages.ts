import type { TapeEvent, Unstamped } from '#core';
import { TapeRows } from '#data';
import { venues } from '#plugins';
import { tokenOf, conditionOf, PAIRS } from './bench.market.js';
import { FrameSource } from './bench.frames.js';
import { newIntake, newKernel, prepare } from './ingest.road.js';

const EVENTS_A_COMMIT = 4000;

/** Time of each part of the road by itself, without socket or database, µs per frame. */
export interface Stages {
  /** Decoding and `JSON.parse`. */
  readonly jsonParseUs: number;
  /** The venue's `scan`, or `parse` where that does not serve: JSON included. */
  readonly parseUs: number;
  /** Sequence, book and differences. */
  readonly intakeUs: number;
  readonly kernelUs: number;
  /** Rows as bytes. */
  readonly encodeUs: number;
}

export async function stages(seed: number, frames: number): Promise<Stages> {
  const source = new FrameSource(seed, Date.now());
  const made = Array.from({ length: frames }, () => {
    const { venue, text } = source.next();
    return { venue, bytes: Buffer.from(text) };
  });
  const perFrame = (ms: number): number => Number(((ms * 1000) / frames).toFixed(2));
  let from = performance.now();
  for (const { bytes } of made) JSON.parse(bytes.toString('utf8'));
  const json = performance.now() - from;

  const aliases = new Map(
    Array.from({ length: PAIRS }, (_, pair) => pair).flatMap((pair) =>
      ([0, 1] as const).map((token) => [tokenOf(pair, token), { native: conditionOf(pair), token }] as const),
    ),
  );
  const wires = new Map(venues.map(({ manifest, wire }) => [manifest.id, wire]));
  from = performance.now();
  const alias = (name: string) => aliases.get(name);
  for (const { venue, bytes } of made) {
    const wire = wires.get(venue)!;
    const commonest = wire.scan?.(bytes, alias) ?? null;
    if (commonest === null) wire.parse(bytes.toString('utf8'), alias);
  }
  const parse = performance.now() - from;

  const unstamped: Unstamped<TapeEvent>[] = [];
  const emit = (event: Unstamped<TapeEvent>): void => void unstamped.push(event);
  const intake = newIntake(emit);
  const connections = await prepare(0, intake, emit);
  from = performance.now();
  for (const { venue, bytes } of made) intake.frame(connections[venue], bytes, Date.now());
  const whole = performance.now() - from;

  const kernel = newKernel(0);
  const at = Date.now();
  const events = unstamped.map((event, n): TapeEvent => Object.assign(event, { lane: 0, seq: n + 1, at }) as TapeEvent);
  const output = { journal: () => undefined, estimate: () => undefined, quote: () => undefined };
  from = performance.now();
  for (const event of events) kernel.apply(event, output);
  const applied = performance.now() - from;

  const rows = new TapeRows(0);
  from = performance.now();
  for (const event of events) {
    if (rows.events === EVENTS_A_COMMIT) rows.begin();
    rows.event(event);
  }
  const encoded = performance.now() - from;
  return {
    jsonParseUs: perFrame(json),
    parseUs: perFrame(parse),
    intakeUs: perFrame(whole - parse),
    kernelUs: perFrame(applied),
    encodeUs: perFrame(encoded),
  };
}
