import type { Instant, VenueId } from '#core';
import type { Intake, Kernel } from '#engine';
import type { Log } from '#host';
import type { LiveBus } from '#queue';
import type { Listening, VenueSetting } from '../venues/listening.js';
import { sentenceOf } from '../venues/rest.io.js';
import type { FeedHealthBody, HealthStore, LaneHealthBody } from './health.store.js';
import type { Lane } from './lane.js';
import type { Quantiles } from './quantiles.js';
import type { Recorder } from './recorder.js';

/** Quantiles are over the last one to two of these. */
const WINDOW_TURNS = 10;
const CATALOGUE_EVERY_MS = 5000;

export interface ReportHouse {
  readonly lane: number;
  readonly epoch: number;
  readonly health: HealthStore;
  readonly bus: LiveBus;
  readonly recorder: Recorder;
  readonly tape: Lane;
  readonly kernel: Kernel;
  readonly intake: Intake;
  readonly listening: Listening;
  readonly venues: readonly VenueSetting[];
  /** Frame to decision, µs. */
  readonly decisions: Quantiles;
  readonly now: () => Instant;
  /** What is wrong with the time; `null` nothing. */
  readonly timeProblem: () => string | null;
  readonly log: Log;
}

/** Writes once a second how the lane and each of its venues are. */
export class HealthReport {
  private turns = 0;
  private busy = false;
  private last = { at: 0, events: 0, rows: 0, frames: new Map<VenueId, number>() };
  private readonly catalogue = new Map<VenueId, { at: Instant; problem: string | null }>();

  constructor(private readonly house: ReportHouse) {}

  async turn(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const { house } = this;
      const at = house.now();
      const seconds = this.last.at === 0 ? 1 : Math.max(0.001, (at - this.last.at) / 1000);
      await house.health.putLane(house.lane, house.epoch, this.laneBody('running', seconds, null));
      const stats = new Map(house.intake.stats().map((one) => [one.venue, one]));
      const frames = new Map<VenueId, number>();
      for (const setting of house.venues) {
        const venue = setting.plugin.manifest.id as VenueId;
        const own = stats.get(venue);
        frames.set(venue, own?.frames ?? 0);
        await house.health.putFeed(venue, at, await this.feedBody(venue, own, seconds));
      }
      const { events, rows } = house.recorder.totals;
      this.last = { at, events, rows, frames };
      await house.bus.publish({ topic: 'health', source: `lane-${house.lane}` });
      if (++this.turns % WINDOW_TURNS === 0) {
        house.decisions.turn();
        house.recorder.commitAge.turn();
      }
    } catch (error) {
      this.house.log.warn('health could not be written', { problem: sentenceOf(error) });
    } finally {
      this.busy = false;
    }
  }

  /** The last word of this epoch. */
  async stopped(problem: string | null): Promise<void> {
    const { house } = this;
    try {
      await house.health.putLane(house.lane, house.epoch, this.laneBody('stopped', 1, problem));
    } catch (error) {
      house.log.warn('health could not be written', { problem: sentenceOf(error) });
    }
  }

  private laneBody(state: LaneHealthBody['state'], seconds: number, problem: string | null): LaneHealthBody {
    const { kernel, recorder, decisions, tape, listening } = this.house;
    const failure = recorder.failure;
    const deaf =
      state === 'running' && !listening.running ? 'nothing can be recorded, so the venues are not listened to' : null;
    return {
      state,
      seq: kernel.seq,
      at: this.house.now(),
      commitLagMs: recorder.lagMs(),
      recording: failure === null,
      eventsPerS: (recorder.totals.events - this.last.events) / seconds,
      rowsPerS: (recorder.totals.rows - this.last.rows) / seconds,
      decisionP50Us: decisions.at(0.5),
      decisionP99Us: decisions.at(0.99),
      rowP50Ms: recorder.commitAge.at(0.5),
      rowP99Ms: recorder.commitAge.at(0.99),
      held: tape.held.size,
      merged: tape.held.merged,
      memoryMb: Math.round(process.memoryUsage.rss() / 1_048_576),
      problem:
        problem ??
        deaf ??
        (failure ? `the database does not take what is recorded: ${failure.problem}` : this.house.timeProblem()),
    };
  }

  private async feedBody(
    venue: VenueId,
    stats: ReturnType<Intake['stats']>[number] | undefined,
    seconds: number,
  ): Promise<FeedHealthBody> {
    const look = this.house.listening.feed(venue)?.look();
    const frames = stats?.frames ?? 0;
    let problem = look?.problem ?? null;
    if (!problem && look?.markets === 0) problem = await this.catalogueProblem(venue);
    return {
      how: look?.access.how ?? 'stream',
      sentence: look?.access.sentence ?? '',
      state: look?.state ?? 'idle',
      connections: look?.connections ?? 0,
      markets: look?.markets ?? 0,
      trusted: look?.trusted ?? 0,
      frames,
      framesPerS: (frames - (this.last.frames.get(venue) ?? 0)) / seconds,
      events: stats?.events ?? 0,
      unknown: stats?.unknown ?? 0,
      rejected: stats?.rejected ?? 0,
      gaps: stats?.gaps ?? 0,
      resyncs: look?.resyncs ?? 0,
      lastFrameAt: stats?.lastFrameAt ?? null,
      lagMs: stats?.lagMs ?? null,
      problem,
    };
  }

  /** With no market there is no connection to complain about: the reason is in the catalogue's last run. */
  private async catalogueProblem(venue: VenueId): Promise<string> {
    const now = this.house.now();
    let known = this.catalogue.get(venue);
    if (!known || now - known.at > CATALOGUE_EVERY_MS) {
      known = { at: now, problem: await this.house.health.catalogueProblem(venue) };
      this.catalogue.set(venue, known);
    }
    return known.problem
      ? `no market is known yet: ${known.problem}`
      : 'no market is known yet: the catalogue is being read';
  }
}

/** Says about once a second how far a recovery has come. What cannot be written is not missed: the next one can. */
export function recoveryReport(
  house: Pick<ReportHouse, 'lane' | 'health' | 'now'>,
  epoch: number,
  headSeq: number,
): (seq: number) => void {
  const { lane, health, now } = house;
  let saidAt = Number.NEGATIVE_INFINITY;
  return (seq) => {
    const at = now();
    if (at - saidAt < 1000) return;
    saidAt = at;
    const percent = headSeq === 0 ? 100 : Math.floor((100 * seq) / headSeq);
    const body: LaneHealthBody = {
      state: 'recovering',
      seq,
      at,
      commitLagMs: 0,
      recording: false,
      eventsPerS: 0,
      rowsPerS: 0,
      decisionP50Us: null,
      decisionP99Us: null,
      rowP50Ms: null,
      rowP99Ms: null,
      held: 0,
      merged: 0,
      memoryMb: Math.round(process.memoryUsage.rss() / 1_048_576),
      problem: `the tape is being replayed, ${percent} % of ${headSeq} events so far`,
    };
    health.putLane(lane, epoch, body).catch(() => undefined);
  };
}
