import { Defect, type PluginPausedEvent, type Unstamped, type VenueId, type WorkflowId } from '#core';
import { StaleEpoch, type Inbox, type LaneBuilds, type LaneQuestions, type TapeStore } from '#data';
import { createKernel, Intake, type Kernel } from '#engine';
import { ORDER_LATENCY_MS, type Config, type Log } from '#host';
import type { ModelPlugin, StrategyPlugin } from '#plugin-sdk';
import type { LiveBus } from '#queue';
import { FrameSamples } from '../venues/frame-samples.js';
import type { FeedPace } from '../venues/feed.types.js';
import { Listening, type VenueSetting } from '../venues/listening.js';
import { sentenceOf } from '../venues/rest.io.js';
import { HealthReport, recoveryReport } from './health.report.js';
import type { HealthStore } from './health.store.js';
import { InboxReader } from './inbox.reader.js';
import { LaneClock } from './lane-clock.js';
import { Lane } from './lane.js';
import { Quantiles } from './quantiles.js';
import { QuestionReader } from './question.reader.js';
import { Recorder, RECORDER_PACE, type RecorderPace } from './recorder.js';
import { recover } from './recovery.js';
import { seed } from './seeds.js';
import { renewWorkflows } from './upgrade.js';

/** A hook that takes this long has a mistake in it; a busy machine's pauses are shorter. */
const HOOK_BUDGET_MS = 500;
const BEAT_MS = 1000;
/** A slow line tells truly what was once: at most so long ago may it be traded on. */
const MOST_LATE_MS = 10_000;
/** Without a commit for so long the connections are closed: what they bring could not be kept. */
const DEAF_AFTER_MS = 10_000;
/** Each epoch counts its connections from its own multiple of this, so that no number is given twice. */
const CONNECTIONS_PER_EPOCH = 10_000;

export interface LaneParts {
  readonly lane: number;
  readonly owner: string;
  readonly build: string;
  readonly config: Pick<Config, 'mode' | 'marketsPerVenue'>;
  readonly store: TapeStore;
  readonly builds: LaneBuilds;
  readonly inbox: Inbox;
  /** Asked of its state; without it nobody can. */
  readonly questions?: LaneQuestions;
  readonly bus: LiveBus;
  readonly health: HealthStore;
  readonly log: Log;
  readonly venues: readonly VenueSetting[];
  readonly strategies: readonly StrategyPlugin[];
  readonly models: readonly ModelPlugin[];
  readonly pace: FeedPace;
  readonly recorderPace?: RecorderPace;
  readonly now: () => number;
  /** Milliseconds of a clock that nobody can set; by it a leap of `now` is told from time that passed. */
  readonly steady: () => number;
  readonly random: () => number;
  /** The venue announced markets: the catalogue is read again. */
  announced(venue: VenueId, natives: readonly string[]): void;
  /** The lane has recovered and hears. */
  running?(facts: {
    readonly epoch: number;
    readonly headSeq: number;
    readonly replayed: number;
    /** What there is to say of a change of build; `''` nothing. */
    readonly note: string;
  }): void;
}

/**
 * Runs a lane from take-over to the end: recovery, then venues and inbox through intake and kernel to the recorder.
 * Resolves `stopped` after `signal`, with everything committed, or `stale` when another worker has taken the lane.
 *
 * @throws Defect when the lane cannot go on: a journal that does not replay, a kernel that contradicts itself, a batch
 * the database will never take. The successor recovers from what was committed.
 */
export async function runLane(parts: LaneParts, signal: AbortSignal): Promise<'stopped' | 'stale'> {
  const { lane, store, log, random } = parts;
  const taken = await store.takeOver(lane, parts.owner);
  const { epoch, headSeq } = taken;
  const failures: Unstamped<PluginPausedEvent>[] = [];
  let live = false;
  const startedAt = parts.now();
  const progress = recoveryReport(parts, epoch, headSeq);
  progress(0);
  const { kernel, began, renew, ...recovered } = await recover({
    lane,
    headSeq,
    build: parts.build,
    store,
    builds: parts.builds,
    newKernel: () =>
      newKernel(
        parts,
        (failure) => {
          // The tape holds what came of failures before the head.
          if (live) failures.push(failure);
        },
        // A replay never measures time again.
        () => (live ? performance.now() : 0),
      ),
    now: parts.now,
    progress,
    differs: (difference) => log.warn('this build decides otherwise', { lane, difference }),
  });
  if (began) {
    const left = await renewWorkflows(parts.inbox, lane, headSeq, renew, parts);
    for (const sentence of left) log.warn('a workflow is not taken over', { lane, problem: sentence });
    try {
      await parts.builds.begin(lane, epoch, began, kernel.snapshot());
    } catch (error) {
      if (error instanceof StaleEpoch) return 'stale';
      throw error;
    }
    log.info('this build takes up the tape', { lane, ...began });
  }
  log.info('lane recovered', { lane, epoch, headSeq, ...recovered, ms: parts.now() - startedAt });
  live = true;
  const clock = new LaneClock(parts.now, parts.steady);
  clock.begin(kernel.at);

  return new Promise((resolve, reject) => {
    let over = false;
    const timers: NodeJS.Timeout[] = [];
    const decisions = new Quantiles();
    const samples = new FrameSamples(log, parts.now);
    let sockets = 0;
    let wasLate = false;
    /** Asked at the beginning of whatever is heard: a leap of the clock is told before anything is made of that. */
    const now = (): number => {
      const at = clock.now();
      if (clock.leapt()) doubtClock();
      return at;
    };
    const doubtClock = (): void => {
      const sentence = clock.sentence ?? 'the computer’s clock leapt';
      log.warn('the clock leapt', { lane, sentence });
      guard(() => listening.doubtClock(sentence));
    };

    const recorder = new Recorder(
      {
        lane,
        epoch,
        build: parts.build,
        store,
        kernel,
        now: clock.tape,
        random,
        log,
        committed: (batch) => {
          inboxReader.committed(batch.inbox);
          void parts.bus
            .publish({
              topic: 'lane',
              lane,
              fromSeq: batch.fromSeq,
              seq: batch.toSeq,
              journal: batch.journal.length,
              at: batch.at,
            })
            .catch((error: unknown) => log.warn('the live bus did not take a message', { problem: sentenceOf(error) }));
          guard(() => tape.drain());
        },
        stale: () => finish('stale'),
        broken: (error) => fail(error),
      },
      parts.recorderPace ?? RECORDER_PACE,
    );
    const tape = new Lane({
      lane,
      kernel,
      recorder,
      now: clock.tape,
      failed: () => failures.shift(),
      applied: (event) => listening.applied(event),
    });
    const intake = new Intake({
      wires: new Map(parts.venues.map(({ plugin }) => [plugin.manifest.id as VenueId, plugin.wire])),
      emit: tape.emit,
      hashEveryMs: 1000,
      mostLateMs: MOST_LATE_MS,
    });
    const listening = new Listening({
      venues: parts.venues,
      look: kernel.look,
      marketsPerVenue: parts.config.marketsPerVenue,
      pace: parts.pace,
      intake,
      now,
      random,
      log,
      heardClock: (ms) => {
        const verdict = clock.heard(ms);
        if (verdict === 'theirs') {
          log.warn('the time is the computer’s again; the venues are listened to anew', { lane });
          setImmediate(() => guard(() => listening.restart()));
        }
        return verdict;
      },
      nextConnection: () => epoch * CONNECTIONS_PER_EPOCH + ++sockets,
      announced: parts.announced,
      timed: (ms) => decisions.add(ms * 1000),
      rejected: (venue, text, reason) => samples.note(venue, text, reason),
      broken: (error) => fail(error),
    });
    const inboxReader = new InboxReader({
      lane,
      inbox: parts.inbox,
      bus: parts.bus,
      intake,
      tape,
      now,
      log,
      pollMs: 500,
      broken: (error) => fail(error),
    });
    const questions =
      parts.questions && new QuestionReader({ lane, questions: parts.questions, bus: parts.bus, kernel, log });
    const report = new HealthReport({
      lane,
      epoch,
      health: parts.health,
      bus: parts.bus,
      recorder,
      tape,
      kernel,
      intake,
      listening,
      venues: parts.venues,
      decisions,
      now: parts.now,
      timeProblem: () => clock.sentence,
      log,
    });

    const guard = (work: () => void): void => {
      if (over) return;
      try {
        work();
      } catch (error) {
        fail(error);
      }
    };

    const quiet = (): void => {
      over = true;
      signal.removeEventListener('abort', stop);
      for (const timer of timers) clearInterval(timer);
      inboxReader.stop();
      questions?.stop();
      tape.stop();
      listening.stop();
    };
    const finish = (how: 'stale'): void => {
      if (over) return;
      log.warn('another worker holds the lane; this one stops', { lane, epoch });
      quiet();
      recorder.abandon();
      resolve(how);
    };
    const fail = (error: unknown): void => {
      if (over) return;
      log.error('the lane stops', { lane, epoch, error });
      quiet();
      recorder.abandon();
      void report
        .stopped(sentenceOf(error))
        .finally(() =>
          reject(
            error instanceof Defect || error instanceof StaleEpoch
              ? error
              : new Defect(sentenceOf(error), { cause: error }),
          ),
        );
    };
    const stop = (): void => {
      if (over) return;
      quiet();
      void recorder
        .stop()
        .then(() => report.stopped(null))
        .finally(() => resolve('stopped'));
    };

    signal.addEventListener('abort', stop, { once: true });
    recorder.start();
    guard(() => distrustRecovered(intake, kernel));
    if (signal.aborted) {
      stop();
      return;
    }
    listening.start();
    inboxReader.start();
    if (kernel.look.accounts().length === 0) {
      const simulated = parts.config.mode === 'demo';
      seed(parts.inbox, lane, parts, simulated ? 'paper' : 'shadow', simulated).catch((error: unknown) =>
        log.error('the first account could not be put into the inbox', { error }),
      );
    }
    timers.push(setInterval(() => guard(() => beat()), BEAT_MS));
    timers.push(setInterval(() => void report.turn(), 1000));

    const beat = (): void => {
      clock.look();
      now();
      // A held beat would only add to what storage has to catch up with.
      if (tape.held.size === 0 && !recorder.isBehind()) tape.emit({ kind: 'beat' });
      // Twice in a row: time that is taken over after a sleep makes what waits just then look hours old.
      const late = recorder.lagMs() > DEAF_AFTER_MS;
      const stuck = late && wasLate;
      wasLate = late;
      if (stuck && listening.running) {
        log.error('nothing can be recorded; the venues are not listened to until it can', { lane });
        listening.stop();
      } else if (!stuck && !listening.running) {
        listening.start();
        if (clock.inDoubt) doubtClock();
      }
      tape.drain();
    };
    const note = began && began.how !== 'first' ? `; build ${began.build} ${began.note}` : '';
    parts.running?.({ epoch, headSeq, replayed: recovered.replayed, note });
  });
}

function newKernel(
  parts: LaneParts,
  onFailure: (event: Unstamped<PluginPausedEvent>) => void,
  stopwatch: () => number,
): Kernel {
  return createKernel({
    lane: parts.lane,
    plugins: {
      strategies: new Map(parts.strategies.map((one) => [one.manifest.id, one])),
      models: new Map(parts.models.map((one) => [one.manifest.id, one])),
    },
    orderLatencyMs: ORDER_LATENCY_MS,
    onHookFailure: ({ workflow, seq, reason }) =>
      onFailure({ kind: 'paused', workflow: workflow as WorkflowId, cause: seq, reason }),
    stopwatch,
    hookBudgetMs: HOOK_BUDGET_MS,
  });
}

/** After a recovery every market is known and no book is: whatever the tape says was trusted is so no longer. */
function distrustRecovered(intake: Intake, kernel: Kernel): void {
  const { look } = kernel;
  const refs = look.markets();
  const heard = refs.filter((ref) => {
    const quote = look.quote(ref);
    return quote.trusted || quote.bid >= 0 || quote.ask >= 0;
  });
  intake.restore(
    refs.map((ref) => look.info(ref)),
    new Set(heard),
  );
}
