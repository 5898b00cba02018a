import { UserProblem } from '#core';
import { accountLook, lanes, workflowNow, workflowVersions } from '#data';
import { draftOf, settingsOf, type BacktestAsked } from '#host';
import type { House } from '../house.js';
import type { BacktestInput } from './backtest.types.js';

const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);

/**
 * What a person asked for with all that it rests on: the workflow as it was saved, its account's limits and the end of its
 * lane's tape. `form` is kept to begin another run from.
 *
 * @throws UserProblem with the path of what is wrong.
 */
export async function backtestAsked(
  { pool }: House,
  input: BacktestInput,
): Promise<{ readonly asked: BacktestAsked; readonly toSeq: number; readonly form: object }> {
  const newest = await workflowNow(pool, input.workflow);
  const version = input.version ?? newest?.record.version ?? 0;
  const saved =
    newest?.record.version === version
      ? newest
      : (await workflowVersions(pool, input.workflow)).find(({ record }) => record.version === version);
  if (newest === null || saved === undefined)
    throw wrong(
      '/workflow',
      `There is no workflow ${input.workflow}${newest === null ? '' : ` in version ${version}`}.`,
    );
  const lane = (await lanes(pool)).find(({ id }) => id === saved.lane);
  if (lane === undefined || lane.headSeq === 0) throw wrong('/workflow', 'Nothing is recorded yet on its lane.');
  const account = await accountLook(pool, saved.record.account);
  const title = input.title?.trim() || saved.record.title;
  if (title.length > 120) throw wrong('/title', 'Keep the title under 120 characters.');
  const settings = settingsOf(input.settings);
  const [fromAt, toAt] = [input.fromAt ?? null, input.toAt ?? null];
  if (fromAt !== null && toAt !== null && toAt <= fromAt) throw wrong('/toAt', 'The end must be after the beginning.');
  const draft = draftOf(saved.record);
  const config = input.config ?? null;
  return {
    asked: {
      title,
      lane: lane.id,
      fromAt,
      toAt,
      workflow: config === null ? draft : { ...draft, config, pluginVersion: null },
      id: saved.record.id,
      version,
      limits: account?.look.record.limits,
      kalshiPrecision: account?.look.record.kalshiPrecision,
      settings,
    },
    toSeq: lane.headSeq,
    form: { workflow: input.workflow, version, title, config, fromAt, toAt, settings },
  };
}
