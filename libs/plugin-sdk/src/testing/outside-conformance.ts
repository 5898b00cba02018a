import { isDeepStrictEqual } from 'node:util';
import type { TSchema } from 'typebox';
import { UserProblem, type JournalEntry, type MarketId } from '#core';
import type { EnricherPlugin, Enrichment, EnrichmentTask } from '../enricher.js';
import { newsShapeProblem, type NewsItem, type NewsPlugin } from '../news.js';
import type { Notice, NotifierPlugin } from '../notifier.js';
import { check, commonChecks, type SlowCheck } from './conformance.js';
import { BENCH_NOW, brokenWorld, failsOutside, handedIo, type HandedWorld } from './handed-world.js';

const slow = (plugin: Parameters<typeof commonChecks>[0]): SlowCheck[] =>
  commonChecks(plugin).map(({ name, run }) => ({ name, run: async () => run() }));

/** What a source of news is tried on, by the way it brings its items. */
export interface NewsWorld<S extends TSchema = TSchema> extends HandedWorld<S> {
  /** A stream's frames, with at least two items in all. */
  readonly frames?: readonly string[];
  /** Messages as they are posted, with at least two items in all. */
  readonly messages?: readonly unknown[];
}

/**
 * What every source of news must pass. The world must hold at least two items.
 *
 *     it.each(newsConformance(plugin, world))('$name', ({ run }) => run());
 */
export function newsConformance<S extends TSchema>(plugin: NewsPlugin<S>, world: NewsWorld<S>): readonly SlowCheck[] {
  const { configSchema, fetch, stream, receive } = plugin;
  const { config } = handedIo(configSchema, world).io;
  const common: SlowCheck[] = [
    ...slow(plugin),
    {
      name: 'brings its items in one way',
      run: async () => check(newsShapeProblem(plugin) === '', newsShapeProblem(plugin)),
    },
  ];
  if (stream !== undefined)
    return [
      ...common,
      ...gives(() => (world.frames ?? []).flatMap((frame) => stream.read(config, frame)?.items ?? [])),
      {
        name: 'goes on from its cursor',
        run: async () => {
          const cursor = (world.frames ?? []).reduce<string | null>(
            (last, frame) => stream.read(config, frame)?.cursor ?? last,
            null,
          );
          const [fresh, again] = [stream.url(config, null), stream.url(config, cursor)];
          check(/^wss?:\/\//.test(fresh), `${fresh} is not the address of a socket`);
          check(cursor !== null && fresh !== again, 'after a break it would begin anew and lose what came between');
        },
      },
      {
        name: 'survives frames that are not its own',
        run: async () => {
          for (const frame of ['', '{', 'null', '[]', '{"kind":1}', '"x"', '\u0000', '<binary>'])
            check((stream.read(config, frame)?.items ?? []).length === 0, `${JSON.stringify(frame)} was read as news`);
        },
      },
    ];
  if (receive !== undefined)
    return [
      ...common,
      ...gives(() => (world.messages ?? []).flatMap((message) => receive(config, message, BENCH_NOW))),
      {
        name: 'refuses a message that is none',
        run: async () => {
          for (const message of [undefined, null, 1, 'x', [], {}, { items: 'x' }, { title: 5 }])
            check(
              refuses(() => receive(config, message, BENCH_NOW)),
              `${JSON.stringify(message)} was taken`,
            );
        },
      },
    ];
  const fetched = (since: number): Promise<readonly NewsItem[]> => fetch!(handedIo(configSchema, world).io, since);
  return [
    ...common,
    {
      name: 'does not ask more than once a second',
      run: async () => check(plugin.everyMs!(config) >= 1000, 'it would be asked all the time'),
    },
    ...gives(() => fetched(0)),
    {
      name: 'leaves out what was published before',
      run: async () => {
        const newest = Math.max(...(await fetched(0)).map(({ publishedAt }) => publishedAt ?? 0));
        const later = await fetched(newest + 1);
        check(
          later.every(({ publishedAt }) => publishedAt === null || publishedAt > newest),
          'old items came again',
        );
      },
    },
    {
      name: 'says so when its source is away',
      run: async () =>
        check(
          await failsOutside(() => fetch!(handedIo(configSchema, brokenWorld(world)).io, 0)),
          'a source that does not answer looks like one without news',
        ),
    },
  ];
}

const gives = (given: () => readonly NewsItem[] | Promise<readonly NewsItem[]>): readonly SlowCheck[] => [
  {
    name: 'gives whole items, each once, oldest first',
    run: async () => {
      const items = await given();
      check(items.length > 1, 'the world has fewer than two items');
      check(new Set(items.map(({ id }) => id)).size === items.length, 'an item was given twice');
      items.forEach(checkItem);
      const dated = items.flatMap(({ publishedAt }) => publishedAt ?? []);
      check(
        dated.every((at, i) => i === 0 || at >= dated[i - 1]),
        'items are not in the order of their moments',
      );
    },
  },
  {
    name: 'gives the same id to the same item',
    run: async () => check(isDeepStrictEqual(await given(), await given()), 'the same input gave different items'),
  },
];

function refuses(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return error instanceof UserProblem;
  }
}

function checkItem({ id, title, text, url, publishedAt }: NewsItem): void {
  check(id !== '' && title.trim() !== '', `an item without id or title: ${id} ${title}`);
  check(typeof text === 'string', `${id} has no text`);
  check(url === null || /^https?:\/\//.test(url), `${id} has the address ${url}`);
  check(publishedAt === null || Number.isSafeInteger(publishedAt), `${id} was published at ${publishedAt}`);
}

/** Items and questions to try an enricher on, one of them about nothing at all. */
const TASKS: readonly EnrichmentTask[] = [
  task(
    'n1',
    'Fed cuts rates by a quarter point',
    'The committee voted for a cut.',
    'Will the Fed cut rates in December?',
  ),
  task('n2', 'Champions win the cup again', 'A late goal decided the final.', 'Will the Fed cut rates in December?'),
  task('n3', '—', '', 'Will it rain in Paris?'),
];

function task(id: string, title: string, text: string, question: string): EnrichmentTask {
  return {
    item: { id, title, text, url: null, publishedAt: BENCH_NOW },
    markets: [
      { id: 'kalshi:A' as MarketId, title: question, rules: '' },
      { id: 'polymarket:B' as MarketId, title: `Not this: ${id}`, rules: 'Resolves NO.' },
    ],
  };
}

/** What every enricher must pass, on `tasks` or on three of the suite's own. */
export function enricherConformance<S extends TSchema>(
  plugin: EnricherPlugin<S>,
  world: HandedWorld<S>,
  tasks: readonly EnrichmentTask[] = TASKS,
): readonly SlowCheck[] {
  const enriched = async (asked: readonly EnrichmentTask[]): Promise<readonly Enrichment[]> => {
    const open = await plugin.open(handedIo(plugin.configSchema, world).io);
    try {
      return await open.enrich(asked);
    } finally {
      await open.close();
    }
  };
  return [
    ...slow(plugin),
    {
      name: 'answers every task, in order, about the markets it was asked about',
      run: async () => {
        const answers = await enriched(tasks);
        check(
          isDeepStrictEqual(
            answers.map(({ item }) => item),
            tasks.map(({ item }) => item.id),
          ),
          'answers and tasks do not go together',
        );
        answers.forEach(({ touches }, i) => checkTouches(touches, tasks[i]));
      },
    },
    {
      name: 'answers the same alone, together and again',
      run: async () => {
        const together = await enriched(tasks);
        const alone = (await Promise.all(tasks.map((one) => enriched([one])))).flat();
        check(isDeepStrictEqual(together, alone), 'what stands beside a task changes its answer');
      },
    },
    {
      name: 'has nothing to say to nothing',
      run: async () => check((await enriched([])).length === 0, 'answers came to no task'),
    },
  ];
}

function checkTouches(touches: Enrichment['touches'], { markets }: EnrichmentTask): void {
  for (const { market, relevance, stance, confidence } of touches) {
    check(
      markets.some(({ id }) => id === market),
      `nobody asked about ${market}`,
    );
    check(relevance >= 0 && relevance <= 1, `a relevance of ${relevance}`);
    check(stance >= -1 && stance <= 1, `a stance of ${stance}`);
    check(confidence >= 0 && confidence <= 1, `a confidence of ${confidence}`);
  }
}

export const BENCH_NOTICE: Notice = {
  id: '1-42-0',
  at: BENCH_NOW,
  workflow: 'bench',
  sentence: 'Bought 10 contracts YES of “Fed cuts in December” for $4.10',
  entry: {
    kind: 'session',
    lane: 1,
    seq: 42,
    at: BENCH_NOW,
    ordinal: 0,
    session: 'bench#1',
    workflow: 'bench',
    account: 'main',
    causes: [42],
    state: 'started',
    reason: '',
  } as unknown as JournalEntry,
};

/** What every notifier must pass. */
export function notifierConformance<S extends TSchema>(
  plugin: NotifierPlugin<S>,
  world: HandedWorld<S>,
): readonly SlowCheck[] {
  return [
    ...slow(plugin),
    {
      name: 'delivers a notice that names its entry, and says where it went',
      run: async () => {
        const { io, calls } = handedIo(plugin.configSchema, world);
        const line = await plugin.deliver(io, BENCH_NOTICE);
        check(line.trim() !== '', 'the delivery log would have an empty line');
        check(calls.length > 0, 'nothing was sent');
        check(
          calls.some(({ body }) => JSON.stringify(body).includes(BENCH_NOTICE.id)),
          'who receives it could not tell a second delivery from a second event',
        );
      },
    },
    {
      name: 'leaves the notice alone',
      run: async () => {
        const before = structuredClone(BENCH_NOTICE);
        await plugin.deliver(handedIo(plugin.configSchema, world).io, BENCH_NOTICE);
        check(isDeepStrictEqual(before, BENCH_NOTICE), 'the notice was changed');
      },
    },
    {
      name: 'says so when nobody answers',
      run: async () =>
        check(
          await failsOutside(() => plugin.deliver(handedIo(plugin.configSchema, brokenWorld(world)).io, BENCH_NOTICE)),
          'a notice nobody got would count as delivered',
        ),
    },
  ];
}
