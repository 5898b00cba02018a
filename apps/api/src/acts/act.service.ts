import { randomUUID } from 'node:crypto';
import {
  OutsideProblem,
  DEFAULT_LIMITS,
  MONEY_ONE,
  UserProblem,
  checkLimits,
  type AccountId,
  type AccountRecord,
  type Act,
  type FieldProblem,
  type Link,
  type LinkId,
  type MarketId,
  type Mode,
  exactDollars as dollars,
} from '#core';
import {
  accountLook,
  accountLooks,
  allLinks,
  archivedWorkflows,
  lanes,
  linkById,
  marketsById,
  sessionLooks,
  type InboxItem,
  type Person,
} from '#data';
import { idFor } from '#host';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';

/** How long a person waits for the worker to take an act. */
const PATIENCE_MS = 5_000;
const MODES: readonly string[] = ['off', 'shadow', 'paper'] satisfies Mode[];
const POLARITIES: readonly string[] = ['same', 'inverse'] satisfies Link['polarity'][];
const LINK_STATES: readonly string[] = ['proposed', 'reviewed', 'rejected'] satisfies Link['state'][];

export interface LinkInput {
  readonly id: string | null;
  readonly a: string;
  readonly b: string;
  readonly polarity: string;
  readonly state: string;
  readonly mismatch: number | null;
  readonly differences: readonly string[];
}

const LONGEST_TITLE = 60;
const MOST_CASH = 1_000_000_000 * MONEY_ONE;

const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);

/**
 * What operators do. Each act is checked, audited and put into the inbox; the answer is the `seq` under which the worker
 * committed it. Throws `UserProblem` for what the person can mend, `OutsideProblem` when no worker took it in time.
 */
@Injectable()
export class ActService {
  /** Saves of one thing follow each other, so that two of them never make the same version. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(private readonly house: House) {}

  setWorkflowMode(by: Person, workflow: string, mode: string): Promise<number> {
    if (!MODES.includes(mode))
      throw wrong('/mode', `A workflow's mode is one of ${MODES.join(', ')}; ${JSON.stringify(mode)} is not.`);
    return this.inTurn(`workflow ${workflow}`, async () => {
      const session = await this.#session(workflow);
      if ((await archivedWorkflows(this.house.pool)).has(workflow))
        throw wrong('/workflow', `Workflow ${workflow} is in the archive; restore one of its versions first.`);
      const record = session.look.workflow;
      if (record.mode === mode) return session.seq;
      const act: Act = { kind: 'workflow', workflow: { ...record, version: record.version + 1, mode: mode as Mode } };
      return this.act(by, session.lane, act, 'workflow.mode', workflow, { from: record.mode, to: mode });
    });
  }

  resumeWorkflow(by: Person, workflow: string): Promise<number> {
    return this.inTurn(`workflow ${workflow}`, async () => {
      const session = await this.#session(workflow);
      if (session.look.state !== 'paused')
        throw wrong('/workflow', `Workflow ${workflow} is not paused; there is nothing to resume.`);
      const act: Act = { kind: 'workflow-resumed', workflow: session.look.workflow.id };
      return this.act(by, session.lane, act, 'workflow.resume', workflow, { reason: session.look.reason });
    });
  }

  saveRiskProfile(by: Person, account: string, limits: unknown): Promise<number> {
    return this.inTurn(`account ${account}`, async () => {
      const { lane, look } = await this.#account(account);
      const checked = checkLimits(limits);
      if (!checked.ok)
        throw new UserProblem(
          'The risk profile was not saved.',
          checked.problems.map(({ path, message }) => ({ path: `/limits${path}`, message })),
        );
      const act: Act = { kind: 'account', account: { ...look.record, limits: checked.limits } };
      return this.act(by, lane, act, 'account.limits', account, { from: look.record.limits, to: checked.limits });
    });
  }

  /** A further paper account, with the limits every account begins with; answers its id. */
  openAccount(by: Person, title: string, openingCash: number): Promise<string> {
    return this.inTurn('accounts', async () => {
      const named = title.trim();
      const known = await accountLooks(this.house.pool);
      const problems: FieldProblem[] = [];
      if (named === '' || named.length > LONGEST_TITLE)
        problems.push({ path: '/title', message: `An account needs a name of at most ${LONGEST_TITLE} letters.` });
      else if (known.some(({ record }) => record.title.toLowerCase() === named.toLowerCase()))
        problems.push({ path: '/title', message: `There is an account ${named} already.` });
      if (!Number.isSafeInteger(openingCash) || openingCash < MONEY_ONE || openingCash > MOST_CASH)
        problems.push({ path: '/openingCash', message: 'Between $1 and $1,000,000,000 on paper.' });
      if (problems.length > 0) throw new UserProblem('The account was not opened.', problems);
      const id = idFor(named, new Set(known.map(({ record }) => record.id))) as AccountId;
      const account: AccountRecord = {
        id,
        title: named,
        openingCash,
        limits: DEFAULT_LIMITS,
        kalshiPrecision: 'direct',
      };
      const [lane] = await this.lanes();
      await this.act(by, lane, { kind: 'account', account }, 'account.open', id, { title: named, openingCash });
      return id;
    });
  }

  /** Pays paper money in, or takes it out when negative: what is free at most. No profit, no loss. */
  async moveCash(by: Person, account: string, amount: number): Promise<number> {
    return this.inTurn(`account ${account}`, async () => {
      const { lane, look } = await this.#account(account);
      const free = look.cash - look.reserved;
      if (!Number.isSafeInteger(amount) || amount === 0)
        throw wrong('/amount', 'Say how much to pay in or take out; it cannot be nothing.');
      if (amount > MOST_CASH || look.cash + amount > MOST_CASH)
        throw wrong('/amount', 'An account holds at most $1,000,000,000 on paper; pay in less.');
      if (amount < 0 - free)
        throw wrong('/amount', `Only ${dollars(free)} are free; take out less, or wait until its orders have ended.`);
      const act: Act = { kind: 'deposit', account: look.record.id, amount };
      return this.act(by, lane, act, amount > 0 ? 'account.pay-in' : 'account.take-out', account, { amount });
    });
  }

  /** House-wide when `account` is null: then every lane hears it. */
  async setKillSwitch(by: Person, on: boolean, account: string | null, reason: string): Promise<number> {
    const said = reason.trim();
    if (on && said.length < 3)
      throw wrong('/reason', 'Say in a few words why trading must stop; it is kept in the audit log.');
    if (said.length > 500) throw wrong('/reason', 'Keep the reason under 500 characters.');
    const laneIds = account === null ? await this.lanes() : [(await this.#account(account)).lane];
    const act: Act = { kind: 'kill-switch', on, account: account as AccountId | null, reason: said };
    const seqs = await Promise.all(
      laneIds.map((lane) =>
        this.act(by, lane, act, on ? 'kill-switch.on' : 'kill-switch.off', account ?? 'house', { reason: said }),
      ),
    );
    return seqs[0];
  }

  async resetHalt(by: Person, account: string): Promise<number> {
    const { lane, look } = await this.#account(account);
    if (look.state !== 'HALTED')
      throw wrong('/account', `Account ${account} is ${look.state}, not halted; there is nothing to reset.`);
    return this.act(by, lane, { kind: 'reset-halt', account: look.record.id }, 'account.reset-halt', account, {
      reason: look.stateReason,
    });
  }

  saveLink(by: Person, input: LinkInput): Promise<number> {
    return this.inTurn(`link ${input.id ?? `${input.a} ${input.b}`}`, async () => {
      const { pool } = this.house;
      const old = input.id === null ? null : await linkById(pool, input.id);
      if (input.id !== null && !old) throw wrong('/id', `There is no link ${input.id}.`);
      const markets = await marketsById(pool, [input.a, input.b]);
      const others = (await allLinks(pool)).filter((link) => link.id !== old?.id);
      const problems = linkProblems(input, new Set(markets.keys()), others);
      if (problems.length > 0) throw new UserProblem('The link was not saved.', problems);
      const link: Link = {
        id: (old?.id ?? `link-${randomUUID()}`) as LinkId,
        version: (old?.version ?? 0) + 1,
        a: input.a as MarketId,
        b: input.b as MarketId,
        polarity: input.polarity as Link['polarity'],
        state: input.state as Link['state'],
        mismatch: input.mismatch,
        differences: input.differences.map((line) => line.trim()).filter(Boolean),
        reviewedBy: input.state === 'proposed' ? null : by.name,
      };
      const lane = markets.get(input.a)?.lane ?? (await this.lanes())[0];
      return this.#put(by, { lane, kind: 'link', body: { kind: 'link', link } }, 'link.save', link.id, {
        from: old,
        to: link,
      });
    });
  }

  /** Puts an act before a lane; resolves with the `seq` it was committed under. */
  act(by: Person, lane: number, act: Act, action: string, target: string, detail: unknown): Promise<number> {
    const id = randomUUID();
    return this.#put(
      by,
      { id, lane, kind: 'act', body: { kind: 'act', id, by: by.name, act } },
      action,
      target,
      detail,
    );
  }

  async #put(
    by: Person,
    item: Omit<InboxItem, 'by' | 'id'> & { readonly id?: string },
    action: string,
    target: string,
    detail: unknown,
  ): Promise<number> {
    if (by.role === 'viewer') throw new UserProblem('Your role only looks; ask an operator or an admin to do this.');
    const id = item.id ?? randomUUID();
    await this.house.people.audit({
      at: this.house.now(),
      by: by.name,
      action,
      target,
      detail: { inbox: id, ...(detail as object) },
    });
    await this.house.inbox.put({ ...item, id, by: by.name });
    try {
      return await this.house.inbox.committed(id, PATIENCE_MS);
    } catch (error) {
      // With a cause it is the database that does not answer.
      if (!(error instanceof OutsideProblem) || error.cause !== undefined) throw error;
      throw new UserProblem(
        `No worker took this within ${PATIENCE_MS / 1000} s. It is stored and takes effect as soon as the live worker of lane ${item.lane} runs again.`,
      );
    }
  }

  async #session(workflow: string): Promise<Awaited<ReturnType<typeof sessionLooks>>[number]> {
    const session = (await sessionLooks(this.house.pool, workflow))[0];
    if (!session) throw wrong('/workflow', `There is no workflow ${workflow}.`);
    return session;
  }

  async #account(account: string): Promise<NonNullable<Awaited<ReturnType<typeof accountLook>>>> {
    const found = await accountLook(this.house.pool, account);
    if (found) return found;
    const known = (await accountLooks(this.house.pool)).map(({ record }) => record.id);
    throw wrong(
      '/account',
      `There is no account ${account}${known.length ? `; known are ${known.join(', ')}` : ' yet'}.`,
    );
  }

  async lanes(): Promise<readonly number[]> {
    const ids = (await lanes(this.house.pool)).map(({ id }) => id);
    if (ids.length === 0)
      throw new UserProblem('No lane exists yet: the live worker has never run here. Start it, then try again.');
    return ids;
  }

  /** Work on one thing, one after the other. */
  async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#queues.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(key) === mine) this.#queues.delete(key);
    }
  }
}

/** Everything wrong with a link, by field. */
export function linkProblems(
  input: LinkInput,
  known: ReadonlySet<string>,
  others: readonly Link[],
): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const complain = (path: string, message: string): unknown => problems.push({ path, message });
  for (const end of ['a', 'b'] as const)
    if (!known.has(input[end])) complain(`/${end}`, `There is no market ${input[end]}.`);
  if (input.a === input.b) complain('/b', 'A link joins two different markets.');
  else if (input.a.split(':')[0] === input.b.split(':')[0])
    complain('/b', 'A link joins markets of two venues; both of these are at the same one.');
  if (!POLARITIES.includes(input.polarity)) complain('/polarity', `Polarity is one of ${POLARITIES.join(', ')}.`);
  if (!LINK_STATES.includes(input.state)) complain('/state', `State is one of ${LINK_STATES.join(', ')}.`);
  if (input.mismatch !== null && !(input.mismatch >= 0 && input.mismatch <= 1))
    complain('/mismatch', 'The mismatch is a probability from 0 to 1.');
  if (input.state === 'reviewed' && input.mismatch === null)
    complain('/mismatch', 'A reviewed link needs its mismatch probability; without one it is never traded on.');
  if (input.differences.length > 50 || input.differences.some((line) => line.length > 1000))
    complain('/differences', 'At most 50 differences of at most 1000 characters each.');
  const twin = others.find(
    (link) => (link.a === input.a && link.b === input.b) || (link.a === input.b && link.b === input.a),
  );
  if (twin) complain('/a', `Link ${twin.id} already joins these two markets; change that one.`);
  return problems;
}
