import {
  OutsideProblem,
  type Act,
  type JournalEntry,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
  type VenueId,
} from '#core';
import type { BatchParts, Inbox, QuoteChange, TapeStore } from '#data';
import type { Quote } from '#plugin-sdk';
import { createKernel, Intake, type Kernel } from '#engine';
import { createLog } from '#host';
import { strategies, venues } from '#plugins';
import { Lane } from '../../../worker/src/lane/lane.js';
import { Recorder, RECORDER_PACE } from '../../../worker/src/lane/recorder.js';
import { seed } from '../../../worker/src/lane/seeds.js';
import { turnTaking } from '../../../worker/src/venues/turn-taking.js';
import { VENUES, type BenchVenue } from './bench.frames.js';
import { benchWorld } from './bench.market.js';
import type { OpenStreams } from './frame-server.js';
import { Samples } from './samples.js';

/** So many uncommitted events stop the reading of sockets, before the lane would begin to hold and merge. */
const PAUSE_AT = 45_000;
const RESUME_AT = 25_000;
const SAMPLE_OF = 16;

export const newKernel = (lane: number, stopwatch?: () => number): Kernel =>
  createKernel({
    lane,
    plugins: { strategies: new Map(strategies.map((one) => [one.manifest.id, one])), models: new Map() },
    orderLatencyMs: { polymarket: 250, kalshi: 150 },
    stopwatch,
    hookBudgetMs: 500,
  });

export const newIntake = (emit: (event: Unstamped<TapeEvent>) => void): Intake =>
  new Intake({
    wires: new Map(venues.map(({ manifest, wire }) => [manifest.id as VenueId, wire])),
    emit,
    hashEveryMs: 1000,
  });

/** What stands on the tape before the first frame: account, a workflow per strategy, markets, sets and links. */
export async function prepare(
  lane: number,
  intake: Intake,
  emit: (event: Unstamped<TapeEvent>) => void,
): Promise<Readonly<Record<BenchVenue, number>>> {
  const acts: { id: string; act: Act }[] = [];
  const inbox: Inbox = {
    put: (item) => {
      acts.push({ id: item.id, act: item.body as Act });
      return Promise.resolve();
    },
    pending: () => Promise.resolve([]),
    committed: () => Promise.resolve(0),
  };
  await seed(inbox, lane, { strategies, models: [] }, 'paper');
  for (const { id, act } of acts) emit({ kind: 'act', id, by: 'bench', act });
  const world = benchWorld(Date.now());
  const refs = new Map<BenchVenue, MarketRef[]>(VENUES.map((venue) => [venue, []]));
  for (const info of world.markets) {
    const ref = intake.market(info);
    refs.get(info.id.startsWith('kalshi:') ? 'kalshi' : 'polymarket')?.push(ref);
  }
  for (const group of world.groups) intake.group(group);
  for (const link of world.links) emit({ kind: 'link', link });
  const connections = { kalshi: 1, polymarket: 2 } as const;
  for (const venue of VENUES) intake.open(connections[venue], venue as string as VenueId, refs.get(venue) ?? []);
  return connections;
}

export interface RoadRun {
  readonly ms: number;
  readonly frames: number;
  readonly events: number;
  readonly bookRows: number;
  /** Of every stream: book changes, quotes, journal and the rest. */
  readonly rows: number;
  readonly journal: number;
  readonly batches: number;
  readonly merged: number;
  readonly gaps: number;
  readonly rejected: number;
  readonly trusted: number;
  /** Reading stood still because storage was behind, ms. */
  readonly pausedMs: number;
  readonly framesPerS: number | null;
  /** Received → applied by the kernel, µs. */
  readonly frameToDecisionUs: Samples;
  /** Due at the sender → applied by the kernel, ms. */
  readonly dueToDecisionMs: Samples;
  /** Received → committed, ms. */
  readonly frameToRowMs: Samples;
}

/** What the rows of a commit are made of. */
export type Commit = Required<Pick<BatchParts, 'events' | 'quotes' | 'journal'>>;

/** Keeps what the recorder turns into rows, so that the very same rows can be written again. */
class KeepingRecorder extends Recorder {
  private events: TapeEvent[] = [];
  private quotes: QuoteChange[] = [];
  private entries: JournalEntry[] = [];

  override take(event: TapeEvent): void {
    this.events.push(event);
    super.take(event);
  }

  override quote(quote: Quote, seq: number): void {
    this.quotes.push({ quote: { ...quote }, seq });
    super.quote(quote, seq);
  }

  override journal(entry: JournalEntry): void {
    this.entries.push(entry);
    super.journal(entry);
  }

  /** What was committed since the last call. */
  kept(toSeq: number): Commit {
    const { events, quotes, entries } = this;
    const isIn = ({ seq }: { readonly seq: number }): boolean => seq <= toSeq;
    this.events = events.filter((one) => !isIn(one));
    this.quotes = quotes.filter((one) => !isIn(one));
    this.entries = entries.filter((one) => !isIn(one));
    return { events: events.filter(isIn), quotes: quotes.filter(isIn), journal: entries.filter(isIn) };
  }
}

export interface RoadOptions {
  readonly lane: number;
  readonly store: TapeStore;
  readonly streams: OpenStreams;
  readonly frames: number;
  /** Stops reading while storage is behind: what flat out needs and a paced stream must not. */
  readonly backPressure: boolean;
  begin(): Promise<number | null>;
  /** What each commit was made of. */
  keep?(commit: Commit): void;
}

/** Socket → wire → intake → stamp → kernel → recorder, with the worker's own lane and recorder. */
export async function runRoad(options: RoadOptions): Promise<RoadRun> {
  const { lane, store, streams, frames } = options;
  const { epoch } = await store.takeOver(lane, 'bench');
  const kernel = newKernel(lane, () => performance.now());
  const frameToDecisionUs = new Samples();
  const dueToDecisionMs = new Samples();
  const frameToRowMs = new Samples();
  const sockets = Object.values(streams.sockets);
  // A sample is enough flat out, where reading the clock twice would be a part of what is measured.
  const every = options.backPressure ? SAMPLE_OF : 1;
  let heard = 0;
  let bookRows = 0;
  let paused = false;
  let pausedSince = 0;
  let pausedMs = 0;
  /** Stamps of what is not committed yet, from event `stampedFrom` on. */
  let stamps: number[] = [];
  let stampedFrom = 1;
  let before = { events: 0, rows: 0, journal: 0, batches: 0 };
  let finish: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const log = createLog('error');
  const recorder: Recorder = new (options.keep ? KeepingRecorder : Recorder)(
    {
      lane,
      epoch,
      build: 'bench',
      store,
      kernel,
      now: Date.now,
      random: Math.random,
      log,
      committed: (batch) => {
        const at = Date.now();
        const committed = batch.toSeq + 1 - stampedFrom;
        for (let i = 0; i < committed; i += every) frameToRowMs.add(at - stamps[i]);
        stamps = stamps.slice(committed);
        stampedFrom = batch.toSeq + 1;
        if (recorder instanceof KeepingRecorder) options.keep?.(recorder.kept(batch.toSeq));
        tape.drain();
        if (paused && recorder.uncommitted < RESUME_AT) {
          paused = false;
          pausedMs += performance.now() - pausedSince;
          for (const socket of sockets) socket.resume();
        }
        if (heard >= frames && recorder.uncommitted === 0 && tape.held.size === 0) finish();
      },
      stale: fail,
      broken: fail,
    },
    RECORDER_PACE,
  );
  const tape = new Lane({
    lane,
    kernel,
    recorder,
    now: Date.now,
    applied: (event) => {
      stamps.push(event.at);
      if (event.kind !== 'book') return;
      bookRows += Math.max(1, event.levels.length / 3);
      if (every === 1 && event.venueAt !== null) dueToDecisionMs.add(Date.now() - event.venueAt);
    },
  });
  const intake = newIntake(tape.emit);
  const connections = await prepare(lane, intake, tape.emit);
  recorder.start();
  // A failure before anybody waits for the end is told there.
  ended.catch(() => undefined);
  while (recorder.uncommitted > 0 && !recorder.failure) await new Promise((resolve) => setTimeout(resolve, 5));
  before = { ...recorder.totals };
  for (const venue of VENUES) {
    const connection = connections[venue];
    const turn = turnTaking(streams.sockets[venue], () => !paused);
    streams.sockets[venue].on('message', (data: Buffer) => {
      const timed = heard % every === 0;
      const from = timed ? performance.now() : 0;
      try {
        intake.frame(connection, data, Date.now());
      } catch (error) {
        fail(error);
      }
      if (timed) frameToDecisionUs.add((performance.now() - from) * 1000);
      heard += 1;
      turn();
      if (options.backPressure && !paused && recorder.uncommitted > PAUSE_AT) {
        paused = true;
        pausedSince = performance.now();
        for (const socket of sockets) socket.pause();
      }
    });
    streams.sockets[venue].on('close', () => fail(new OutsideProblem(`the ${venue} stream ended early`, false)));
  }
  const from = performance.now();
  const rate = options.begin();
  await ended;
  const ms = performance.now() - from;
  tape.stop();
  recorder.abandon();
  const { totals } = recorder;
  const stats = intake.stats();
  return {
    ms,
    frames: heard,
    events: totals.events - before.events,
    bookRows,
    rows: totals.rows - before.rows,
    journal: totals.journal - before.journal,
    batches: totals.batches - before.batches,
    merged: tape.held.merged,
    gaps: stats.reduce((sum, one) => sum + one.gaps, 0),
    rejected: stats.reduce((sum, one) => sum + one.rejected + one.unknown, 0),
    trusted: intake.markets().filter((ref) => intake.state(ref).trusted).length,
    pausedMs: Math.round(pausedMs),
    framesPerS: await rate,
    frameToDecisionUs,
    dueToDecisionMs,
    frameToRowMs,
  };
}
