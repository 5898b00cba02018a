import { parseArgs } from 'node:util';
import { UserProblem, type FieldProblem } from '#core';
import { readSchedule } from './wire/faults.js';

export interface SimulatorOptions {
  readonly stateDir: string;
  /** `null`: the state's, or 1 in a new folder. */
  readonly seed: number | null;
  /** Multiplies the model's events per second (1 is some 100 frames a second in all). */
  readonly rate: number;
  /** Folder of captured frames to play instead of the model. */
  readonly captures: string | null;
  readonly pace: 'real' | 'flat';
  /** Captures begin again at their end. */
  readonly loop: boolean;
  /** Load mode: time stands still until `POST /control/blast`. */
  readonly load: boolean;
  /** Read tokens per second at the simulated Kalshi. */
  readonly kalshiBudget: number;
  readonly misbehave: ReturnType<typeof readSchedule>;
  readonly ports: {
    readonly gamma: number;
    readonly clob: number;
    readonly kalshi: number;
    readonly control: number;
    readonly news: number;
  };
  readonly print: boolean;
}

/** Reads arguments, then environment (`SIMULATOR_STATE`, …). All complaints come together. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): SimulatorOptions {
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        state: { type: 'string' },
        seed: { type: 'string' },
        rate: { type: 'string' },
        captures: { type: 'string' },
        pace: { type: 'string' },
        loop: { type: 'boolean' },
        once: { type: 'boolean' },
        load: { type: 'boolean' },
        misbehave: { type: 'string' },
        'kalshi-budget': { type: 'string' },
        'gamma-port': { type: 'string' },
        'clob-port': { type: 'string' },
        'kalshi-port': { type: 'string' },
        'control-port': { type: 'string' },
        'news-port': { type: 'string' },
        print: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new UserProblem((error as Error).message);
  }
  const problems: FieldProblem[] = [];
  const text = (name: string): string | undefined => {
    const given = values[name] ?? env[`SIMULATOR_${name.toUpperCase().replaceAll('-', '_')}`];
    return typeof given === 'string' && given !== '' ? given : undefined;
  };
  const number = (name: string, fallback: number, test: (value: number) => boolean, wanted: string): number => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (!Number.isFinite(value) || !test(value))
      problems.push({ path: `/${name}`, message: `--${name} is ${JSON.stringify(given)}; it must be ${wanted}` });
    return value;
  };
  const port = (name: string): number =>
    number(name, 0, (value) => Number.isInteger(value) && value >= 0 && value < 65_536, 'a port number');
  const stateDir = text('state');
  if (stateDir === undefined)
    problems.push({ path: '/state', message: '--state DIR is missing: where seed, origin and key are kept' });
  const pace = text('pace') ?? 'real';
  if (pace !== 'real' && pace !== 'flat')
    problems.push({ path: '/pace', message: `--pace is ${JSON.stringify(pace)}; it must be real or flat` });
  let misbehave: ReturnType<typeof readSchedule> = [];
  try {
    misbehave = readSchedule(text('misbehave') ?? '');
  } catch (error) {
    problems.push({ path: '/misbehave', message: (error as Error).message });
  }
  const options: SimulatorOptions = {
    stateDir: stateDir ?? '',
    seed:
      text('seed') === undefined
        ? null
        : number(
            'seed',
            1,
            (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
            'a whole number from 0 to 4294967295',
          ),
    rate: number('rate', 1, (value) => value > 0 && value <= 100_000, 'a number above 0, at most 100000'),
    captures: text('captures') ?? null,
    pace: pace as 'real' | 'flat',
    loop: values['loop'] === true || (values['once'] !== true && pace !== 'flat'),
    load: values['load'] === true,
    kalshiBudget: number('kalshi-budget', 200, (value) => value > 0, 'a number above 0'),
    misbehave,
    ports: {
      gamma: port('gamma-port'),
      clob: port('clob-port'),
      kalshi: port('kalshi-port'),
      control: port('control-port'),
      news: port('news-port'),
    },
    print: values['print'] === true,
  };
  if (problems.length > 0)
    throw new UserProblem(`the simulator cannot start: ${problems.map(({ message }) => message).join('; ')}`, problems);
  return options;
}
