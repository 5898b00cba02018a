import { UserProblem } from '#core';

/** One command of `npm run …`; resolves to the exit code. Loaded on demand so that a small command starts fast. */
type Command = (argv: readonly string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.command.js')).demo,
  start: async () => (await import('./start.command.js')).start,
  proof: async () => (await import('./proof/proof.command.js')).proof,
  backtest: async () => (await import('./backtest/backtest.command.js')).backtest,
  migration: async () => (await import('./migration.command.js')).migration,
  truth: async () => (await import('./truth/truth.command.js')).truth,
  'truth-news': async () => (await import('./truth/news/news.command.js')).truthNews,
  bench: async () => (await import('./bench/bench.command.js')).bench,
  'verify-reference': async () => (await import('./verify-reference/verify-reference.command.js')).verifyReference,
  docs: async () => (await import('./docs/docs.command.js')).docs,
  'plugin-new': async () => (await import('./plugin/plugin.command.js')).pluginNew,
  'plugin-test': async () => (await import('./plugin/plugin.command.js')).pluginTest,
  tape: async () => (await import('./tape.command.js')).tape,
  'news-eval': async () => (await import('./news/eval.command.js')).newsEval,
  'capture-check': async () => (await import('./capture-check.js')).captureCheck,
};

/** `argv` without node and script: the command's name, then its arguments. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  const command = COMMANDS[name];
  if (!command) {
    process.stderr.write(
      `there is no command ${JSON.stringify(name)}; there are ${Object.keys(COMMANDS).join(', ')}\n`,
    );
    return 2;
  }
  try {
    return await (
      await command()
    )(rest);
  } catch (error) {
    if (!(error instanceof UserProblem)) throw error;
    process.stderr.write(`${error.message}\n${error.fields.map((field) => `  · ${field.message}\n`).join('')}`);
    return 1;
  }
}
