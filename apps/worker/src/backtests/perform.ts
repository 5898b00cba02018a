import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { UserProblem, type JournalEntry } from '#core';
import { BacktestRepo, laneTape, seqNotBefore, type BacktestLine, type Pool } from '#data';
import {
  journalLine,
  runBacktest,
  stressCases,
  stressResult,
  Traces,
  type Checkpoints,
  type StressResult,
  type TapeSource,
} from '#engine';
import { kernelPlugins, type PluginRegistry } from '#host';

/** More would say nothing more to a person; the digest covers all of them. */
const LINES_KEPT = 300_000;
const LINES_AT_ONCE = 1_000;
const DECISIONS_AT_ONCE = 200;
const TELL_MS = 500;

export interface Performance {
  readonly pool: Pool;
  readonly plugins: PluginRegistry;
  readonly build: string;
  readonly now: () => number;
  /** Of a lane's tape, for whoever has some; without it all of a run's tape is played. */
  checkpoints?(lane: number): Checkpoints;
  /** The row has changed. */
  changed?(id: string): void;
}

/**
 * Works one backtest from its row to its report: the tape out of the database, progress and journal back into rows. Resolves
 * with what became of it; `null` when nobody waits for it any more.
 */
export async function performBacktest(
  house: Performance,
  id: string,
  stop?: AbortSignal,
): Promise<'done' | 'refused' | 'cancelled' | null> {
  const { pool, now, build } = house;
  const repo = new BacktestRepo(pool);
  const asked = await repo.find(id);
  if (asked === null) return null;
  const cases = asked.stressed ? stressCases(asked.header) : [];
  // Of a span that ends before the tape does only so much is played.
  const { toAt } = asked.header;
  const end = toAt === null ? null : await seqNotBefore(pool, asked.lane, toAt);
  const length = Math.min(asked.toSeq, end ?? Infinity);
  const row = await repo.begin(id, now(), build, length * (1 + cases.length));
  if (row === null) return null;
  house.changed?.(id);
  const ending = new AbortController();
  const onStop = (): void => ending.abort(new Interrupted());
  stop?.addEventListener('abort', onStop, { once: true });
  if (stop?.aborted === true) onStop();
  const plugins = kernelPlugins(house.plugins);
  const tape = laneTape(pool, { lane: row.lane, toSeq: row.toSeq, fromAt: 0, toAt: 0 });
  const startedAt = now();
  let toldAt = startedAt;
  let before = 0;
  let skipped = 0;
  const tell = async (events: number): Promise<void> => {
    const at = now();
    if (at - toldAt < TELL_MS) return;
    toldAt = at;
    const done = before + events;
    // What a checkpoint stood for took no time, and says nothing of what is to come.
    const worked = done - skipped;
    const left = worked > 0 ? ((at - startedAt) / worked) * Math.max(0, row.total - done) : null;
    if (await repo.progress(id, done, left)) ending.abort(new Cancelled());
    house.changed?.(id);
  };
  // Of a sweep's many runs the digest is enough: the same header gives the journal again.
  const lines = new KeptLines(repo, id, row.sweep === null ? LINES_KEPT : 0);
  let played = 0;
  const progress = (events: number, spared: number): void => {
    if (played === 0) skipped += spared;
    played = events;
  };
  /** Between chunks the row is written, and a person's wish is read. */
  const told: TapeSource = {
    chunks: async function* (fromSeq) {
      for await (const chunk of tape.chunks(fromSeq)) {
        yield chunk;
        await lines.flush();
        await tell(played);
        await setImmediate();
      }
    },
  };
  try {
    const options = { plugins, progress, signal: ending.signal, checkpoints: house.checkpoints?.(row.lane) };
    const traces = row.sweep === null ? new Traces() : undefined;
    const result = await runBacktest(row.header, told, {
      ...options,
      journal: (entry) => lines.take(entry),
      ...(traces === undefined ? {} : { traces }),
    });
    await lines.flush(true);
    const listed = new Set(result.report.trades.list.map(({ signalId }) => signalId));
    const decisions = traces?.decisions().filter(({ signalId }) => listed.has(signalId)) ?? [];
    for (let from = 0; from < decisions.length; from += DECISIONS_AT_ONCE)
      await repo.addDecisions(id, decisions.slice(from, from + DECISIONS_AT_ONCE));
    const stress: StressResult[] = [];
    for (const one of cases) {
      before += length;
      played = 0;
      const { report } = await runBacktest(one.header, told, { ...options, peekEvents: 0 });
      stress.push(stressResult(one.label, report));
    }
    const { peek, report, refused } = result;
    await repo.finish(id, now(), { refused, peek, report, stress, lines: lines.count, digest: lines.digest() });
    return refused === '' ? 'done' : 'refused';
  } catch (error) {
    if (error instanceof Cancelled) {
      await repo.end(id, now(), 'cancelled', 'Cancelled by a person.');
      return 'cancelled';
    }
    if (error instanceof Interrupted) throw error;
    const said = error instanceof Error ? error.message : String(error);
    await repo.end(id, now(), 'failed', error instanceof UserProblem ? said : `A mistake of ours: ${said}`);
    throw error;
  } finally {
    stop?.removeEventListener('abort', onStop);
    house.changed?.(id);
  }
}

/** A person wants no more of it. */
class Cancelled extends Error {}
/** The worker ends; the run begins anew with the next one. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** The journal on its way into rows. */
class KeptLines {
  count = 0;
  private kept = 0;
  private waiting: BacktestLine[] = [];
  private readonly hash = createHash('sha256');

  constructor(
    private readonly repo: BacktestRepo,
    private readonly id: string,
    private readonly most: number,
  ) {}

  take(entry: JournalEntry): void {
    const line = journalLine(entry);
    this.hash.update(line).update('\n');
    this.count++;
    if (this.kept + this.waiting.length >= this.most) return;
    const signal = 'signalId' in entry ? entry.signalId : null;
    this.waiting.push({ seq: entry.seq, kind: entry.kind, signal, line });
  }

  async flush(all = false): Promise<void> {
    while (this.waiting.length >= LINES_AT_ONCE || (all && this.waiting.length > 0)) {
      const part = this.waiting.splice(0, LINES_AT_ONCE);
      await this.repo.addLines(this.id, this.kept + 1, part);
      this.kept += part.length;
    }
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}
