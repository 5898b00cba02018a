import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserProblem } from '#core';
import { KalshiCapture } from './capture-kalshi.js';
import { PolymarketCapture } from './capture-polymarket.js';
import { isObject, type CaptureReading, type CaptureStep, type CaptureTrack, type Json } from './capture.types.js';

interface Line {
  readonly at: number | null;
  readonly frames: readonly Json[];
}

/**
 * Reads a folder of captures: `kalshi/*.jsonl` with `{received_ms, frame}` lines, `polymarket/*.jsonl` with raw frames;
 * json files beside them may describe the markets. Files that hold no frames are passed over.
 *
 * @throws UserProblem when no file holds frames.
 */
export function readCaptures(folder: string): CaptureReading {
  const refused: string[] = [];
  const tracks: CaptureTrack[] = [];
  const notes = readNotes(folder);

  const kalshi = new KalshiCapture({ markets: notes.kalshiMarkets, series: notes.kalshiSeries });
  for (const file of files(join(folder, 'kalshi'), '.jsonl')) {
    const lines = readLines(file, refused).filter(({ frames }) =>
      frames.some((frame) => typeof frame['type'] === 'string'),
    );
    tracks.push(track(file, lines, (frame, at) => kalshi.step(frame, at)));
  }
  const polymarket = new PolymarketCapture(notes.polymarket);
  for (const file of files(join(folder, 'polymarket'), '.jsonl')) {
    const lines = readLines(file, refused).filter(({ frames }) =>
      frames.some((frame) => 'event_type' in frame || 'price_changes' in frame || 'bids' in frame),
    );
    for (const { frames } of lines) for (const frame of frames) polymarket.look(frame);
    tracks.push(track(file, lines, (frame, at) => polymarket.step(frame, at)));
  }
  const markets = [...kalshi.markets.values(), ...polymarket.markets.values()];
  if (markets.length === 0)
    throw new UserProblem(`${folder} holds no captured frames; kalshi/*.jsonl and polymarket/*.jsonl are looked for`);
  return {
    markets,
    tracks: tracks.filter(({ steps }) => steps.length > 0),
    refused: [...refused, ...kalshi.refused, ...polymarket.refused],
  };
}

function files(folder: string, end: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(folder, name));
}

function readLines(file: string, refused: string[]): Line[] {
  const lines: Line[] = [];
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, i) => {
      if (text.trim() === '') return;
      try {
        const value: unknown = JSON.parse(text);
        const wrapped = isObject(value) && 'frame' in value ? value : null;
        const body = wrapped ? wrapped['frame'] : value;
        const frames = (Array.isArray(body) ? (body as unknown[]) : [body]).filter(isObject);
        const received = wrapped?.['received_ms'];
        lines.push({
          at: typeof received === 'number' ? received : frames.length > 0 ? toldAt(frames[0]) : null,
          frames,
        });
      } catch {
        refused.push(`${file}:${i + 1} is not JSON`);
      }
    });
  return lines;
}

/** The venue's own time of a frame, ms. An opening book's is hours old and does not count. */
function toldAt(frame: Json): number | null {
  if ('last_trade_price' in frame) return null;
  const msg = frame['msg'];
  const value = Number(isObject(msg) ? msg['ts_ms'] : frame['timestamp']);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function track(
  file: string,
  lines: readonly Line[],
  make: (frame: Json, at: number) => CaptureStep | null,
): CaptureTrack {
  const first = lines.find(({ at }) => at !== null)?.at ?? 0;
  const steps: CaptureStep[] = [];
  let at = 0;
  for (const line of lines) {
    // Time within a file never goes back, whatever the frames say.
    at = Math.max(at, (line.at ?? first + at) - first);
    for (const frame of line.frames) {
      const step = make(frame, at);
      if (step) steps.push(step);
    }
  }
  return { file, steps, lengthMs: at };
}

/** Every json value under the folder that looks like a market or a series, by its id. */
function readNotes(folder: string): {
  readonly polymarket: Map<string, Json>;
  readonly kalshiMarkets: Map<string, Json>;
  readonly kalshiSeries: Map<string, Json>;
} {
  const notes = {
    polymarket: new Map<string, Json>(),
    kalshiMarkets: new Map<string, Json>(),
    kalshiSeries: new Map<string, Json>(),
  };
  const walk = (value: unknown, depth: number): void => {
    if (depth > 6) return;
    if (Array.isArray(value)) return value.forEach((each) => walk(each, depth + 1));
    if (!isObject(value)) return;
    if (typeof value['conditionId'] === 'string') notes.polymarket.set(value['conditionId'], value);
    if (typeof value['ticker'] === 'string' && 'price_level_structure' in value)
      notes.kalshiMarkets.set(value['ticker'], value);
    if (typeof value['ticker'] === 'string' && 'fee_type' in value) notes.kalshiSeries.set(value['ticker'], value);
    for (const each of Object.values(value)) walk(each, depth + 1);
  };
  for (const file of [...files(join(folder, 'kalshi'), '.json'), ...files(join(folder, 'polymarket'), '.json')]) {
    try {
      walk(JSON.parse(readFileSync(file, 'utf8')), 0);
    } catch {
      // A file that is no JSON describes nothing.
    }
  }
  return notes;
}
