import { createWriteStream, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS, type FieldProblem, type TapeEvent } from '#core';
import {
  createPool,
  createTapeStore,
  tapeBatch,
  ensureSpan,
  fileTape,
  laneTape,
  ReplayFile,
  temporaryDatabase,
  type Pool,
  writeReplayFile,
} from '#data';
import { BacktestRun, runBacktest, type BacktestHeader, type BacktestListener, type TapeSource } from '#engine';
import { builtInPlugins, headerFor, kernelPlugins, scopeOf, settingsOf } from '#host';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';
import { say } from '../launch/console.js';
import { besideBench } from './backtest.beside.js';
import { sweptBench } from './backtest.sweep.js';
import { crossVenueTape } from './backtest.tape.js';
import { median } from './samples.js';

const USAGE =
  'npm run bench -- backtest [--json FILE] [--events N] [--seed N] [--rounds N] [--csv FILE] [--no-database]';
const START_AT = Date.UTC(2026, 8, 1);
const SILENT: BacktestListener = { journal: () => undefined, estimate: () => undefined };
/** The database is read once, on a part of the tape: putting rows in takes minutes. */
const DATABASE_EVENTS = 1_000_000;
/** Of the tape's beginning: what is played beside live ticks takes a second or so at a time. */
const BESIDE_MS = 600_000;

interface Pace {
  readonly events: number;
  /** Over processor time of the whole process, disk reads included: what one core does when nobody shares it. */
  readonly eventsPerCpuS: number;
  readonly eventsPerS: number;
}

/** How fast a tape is played: books alone, and with strategies, models, latency, depth and fees. */
export async function backtestBench(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(
    argv,
    {
      json: { type: 'string' },
      events: { type: 'string' },
      seed: { type: 'string' },
      rounds: { type: 'string' },
      csv: { type: 'string' },
      'no-database': { type: 'boolean' },
    },
    USAGE,
  );
  const problems: FieldProblem[] = [];
  const events = wholeNumber(values.events, 'events', { min: 10_000, max: 1e9, fallback: 5_000_000 }, problems);
  const seed = wholeNumber(values.seed, 'seed', { min: 0, max: 2 ** 31 - 1, fallback: 7 }, problems);
  const rounds = wholeNumber(values.rounds, 'rounds', { min: 1, max: 20, fallback: 3 }, problems);
  complainTogether(problems);
  const tape = { seed, events, startAt: START_AT };
  if (values.csv !== undefined) await writeCsv(resolve(values.csv), crossVenueTape(tape));
  const folder = await mkdtemp(join(tmpdir(), 'arbintel-backtest-'));
  try {
    const path = join(folder, 'tape.replay');
    const manifest = await writeReplayFile(path, 0, `made up with seed ${seed}`, crossVenueTape(tape));
    const rows = manifest.rows.book_change ?? 0;
    say(
      `· ${manifest.toSeq.toLocaleString('en-US')} events, ${rows.toLocaleString('en-US')} level rows, ${((await stat(path)).size / 1e6).toFixed(0)} MB`,
    );
    const file = await ReplayFile.open(path);
    const source = fileTape(file);
    const booksOnly = await paced(rounds, () => play(source, header([])));
    say(`· books only: ${shown(booksOnly)}`);
    const strategies = await paced(rounds, () => play(source, header(WORKFLOWS)));
    say(`· with strategies: ${shown(strategies)}`);
    const memory = process.memoryUsage.rss() / 1e6;
    const report = await tested(source);
    await file.close();
    const sweep = await sweptBench(folder, tape);
    const beside =
      values['no-database'] === true
        ? null
        : await besideBench({ path, seed, header: { ...header(WORKFLOWS), toAt: START_AT + BESIDE_MS } });
    const database =
      values['no-database'] === true ? null : await stored({ ...tape, events: Math.min(events, DATABASE_EVENTS) });
    const result = {
      machine: { cpu: cpus()[0]?.model ?? '', cores: availableParallelism(), node: process.version },
      tape: { seed, events: manifest.toSeq, levelRows: rows, markets: 200 },
      file: { booksOnly, strategies },
      database,
      sweep,
      beside,
      rssMb: Math.round(memory),
      report,
    };
    if (values.json !== undefined) writeFileSync(resolve(values.json), `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const shown = ({ eventsPerCpuS, eventsPerS }: Pace): string =>
  `${(eventsPerCpuS / 1e6).toFixed(2)} million events a second of processor time, ${(eventsPerS / 1e6).toFixed(2)} by the clock`;

const WORKFLOWS = [
  { plugin: 'cross-venue-arbitrage', title: 'Arbitrage', config: {} },
  { plugin: 'fair-value-edge', title: 'Fair value', config: { fairValue: 'kalman' } },
] as const;

/** Both strategies on one account, with latency, fees and everything else of a real run. */
function header(workflows: readonly (typeof WORKFLOWS)[number][]): BacktestHeader {
  const plugins = builtInPlugins();
  const settings = settingsOf({ latency: 'sampled', openingCash: 1_000_000 });
  const [first, ...more] = WORKFLOWS.map(({ plugin, title, config }) =>
    headerFor(
      {
        title: 'Benchmark',
        lane: 0,
        fromAt: null,
        toAt: null,
        workflow: {
          title,
          plugin,
          pluginVersion: null,
          config,
          scope: scopeOf({}),
          account: 'bench',
          mode: 'paper',
          limits: {},
          models: {},
        },
        id: plugin,
        version: 1,
        limits: { ...DEFAULT_LIMITS, maxPositionSize: 1e7, maxMarketCost: 1e11, maxGross: 1e12, maxVenue: 1e12 },
        settings,
      },
      plugins,
    ),
  );
  const all = [...first.workflows, ...more.flatMap((one) => one.workflows)];
  return { ...first, workflows: all.filter(({ plugin }) => workflows.some((one) => one.plugin === plugin)) };
}

async function play(source: TapeSource, of: BacktestHeader): Promise<number> {
  const run = new BacktestRun(of, kernelPlugins(builtInPlugins()), SILENT);
  for await (const chunk of source.chunks()) run.play(chunk);
  return run.end().events;
}

/** The median round. */
async function paced(rounds: number, work: () => Promise<number>): Promise<Pace> {
  const clock: number[] = [];
  const cpu: number[] = [];
  let events = 0;
  for (let round = 0; round < rounds; round++) {
    const used = process.cpuUsage();
    const from = performance.now();
    events = await work();
    clock.push((performance.now() - from) / 1_000);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1e6);
  }
  return { events, eventsPerCpuS: Math.round(events / median(cpu)), eventsPerS: Math.round(events / median(clock)) };
}

/** One whole backtest with its report, so that the figures above are seen to be of runs in which something happens. */
async function tested(source: TapeSource) {
  const from = performance.now();
  const { report, refused } = await runBacktest(header(WORKFLOWS), source, {
    plugins: kernelPlugins(builtInPlugins()),
  });
  return {
    refused,
    seconds: (performance.now() - from) / 1_000,
    signals: report.trades.count,
    filled: report.trades.filled,
    denials: report.journal['denial'] ?? 0,
    profit: report.profit,
  };
}

/** The same out of the embedded database, beside reading alone. */
async function stored(tape: { readonly seed: number; readonly events: number; readonly startAt: number }) {
  const database = await temporaryDatabase();
  const pool = createPool(database.url, 4);
  try {
    const toSeq = await record(pool, crossVenueTape(tape), tape.startAt);
    const source = laneTape(pool, { lane: 0, toSeq, fromAt: 0, toAt: 0 });
    // What the same road gives when nobody plays what comes; the first time is for the server's memory.
    const read = async (): Promise<number> => {
      for await (const chunk of source.chunks()) void chunk;
      return toSeq;
    };
    await read();
    const readOnly = await paced(1, read);
    const booksOnly = await paced(1, () => play(source, header([])));
    const strategies = await paced(1, () => play(source, header(WORKFLOWS)));
    const ofReadRate = booksOnly.eventsPerS / readOnly.eventsPerS;
    say(`· from the database: ${shown(booksOnly)}; ${ofReadRate.toFixed(2)} of its read rate`);
    return { readOnly, booksOnly, strategies, ofReadRate };
  } finally {
    await pool.end();
    await database.stop();
  }
}

/** Puts the tape's rows into the database; returns its last number. */
async function record(pool: Pool, blocks: Iterable<readonly TapeEvent[]>, startAt: number): Promise<number> {
  const store = createTapeStore(pool);
  const { epoch } = await store.takeOver(0, 'bench');
  await ensureSpan(pool, startAt, startAt + 86_400_000);
  let toSeq = 0;
  for (const events of blocks) {
    toSeq = events[events.length - 1].seq;
    await store.append(tapeBatch({ lane: 0, epoch, events }));
  }
  return toSeq;
}

/** One line per changed level or trade, for other engines. */
async function writeCsv(path: string, blocks: Iterable<readonly TapeEvent[]>): Promise<void> {
  const out = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => out.on('error', reject));
  out.write('seq,at_ms,market,kind,side,price,size,snapshot\n');
  for (const block of blocks) {
    let text = '';
    for (const event of block) {
      if (event.kind === 'trade')
        text += `${event.seq},${event.at},${event.market},trade,${event.taker ?? ''},${event.price / 1e6},${event.size / 100},\n`;
      if (event.kind !== 'book') continue;
      const { levels } = event;
      for (let i = 0; i < levels.length; i += 3)
        text += `${event.seq},${event.at},${event.market},level,${levels[i] === 0 ? 'bid' : 'ask'},${levels[i + 1] / 1e6},${levels[i + 2] / 100},${i === 0 && event.snapshot ? 1 : 0}\n`;
    }
    if (!out.write(text)) await Promise.race([failed, new Promise((done) => out.once('drain', () => done(null)))]);
  }
  await Promise.race([failed, new Promise((done) => out.end(() => done(null)))]);
}
