import { UserProblem } from '#core';

type Bench = (argv: readonly string[]) => Promise<number>;

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  backtest: async () => (await import('./backtest.bench.js')).backtestBench,
  api: async () => (await import('./api.bench.js')).apiBench,
  ingest: async () => (await import('./ingest.bench.js')).ingestBench,
  models: async () => (await import('./models.bench.js')).modelsBench,
  news: async () => (await import('./news.bench.js')).newsBench,
  store: async () => (await import('./store.bench.js')).storeBench,
};

/**
 * `npm run bench -- NAME …`: measures and reports; nothing here passes or fails.
 *
 * @throws UserProblem for a name that is none of the benchmarks.
 */
export async function bench(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  if (!Object.hasOwn(BENCHES, name))
    throw new UserProblem(
      `there is no benchmark ${JSON.stringify(name)}; there are: ${Object.keys(BENCHES).join(', ')}`,
    );
  return (await BENCHES[name]())(rest);
}
