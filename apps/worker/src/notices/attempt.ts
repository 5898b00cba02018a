import { OutsideProblem, UserProblem, type Instant, type JournalEntry } from '#core';
import { deliveryId, sealedSecret, type Attempt, type DeliveryKey, type Outbox, type Outcome, type Pool } from '#data';
import { fitConfig, type Log, type PluginRegistry, type Vault } from '#host';
import type { Notice, Plugin } from '#plugin-sdk';
import { sentenceOf } from '../venues/rest.io.js';
import type { Reach } from '../web/web.request.js';
import { createNotifierIo } from './notifier.io.js';

export interface NoticePace {
  /** Attempts in all before a delivery has failed. */
  readonly attempts: number;
  /** Wait after the first failure, ms; grows fourfold, with jitter. */
  readonly firstWaitMs: number;
  readonly mostWaitMs: number;
  /** One attempt, ms. */
  readonly timeoutMs: number;
}

/** 5 s, 20 s, 80 s, … at most an hour: about three hours from the first attempt to the last. */
export const NOTICE_PACE: NoticePace = { attempts: 8, firstWaitMs: 5_000, mostWaitMs: 3_600_000, timeoutMs: 10_000 };
/** An attempt of which nothing was heard for so long died with its process. */
const LEASE_OVER_MS = 20_000;

export interface NoticeHouse extends Omit<Reach, 'setting'> {
  readonly pool: Pool;
  readonly outbox: Outbox;
  readonly plugins: Pick<PluginRegistry, 'notifiers'>;
  readonly vault: Vault;
  readonly log: Log;
  readonly pace: NoticePace;
  readonly now: () => Instant;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * One attempt at one delivery, written down. At least once: who dies between the answer and its being written down leaves the
 * delivery to a successor. `attempts` is what the delivery stood at when it was queued; when it has moved on, nothing is done.
 */
export async function attemptDelivery(house: NoticeHouse, key: DeliveryKey, attempts: number): Promise<string> {
  const { outbox, pace, now } = house;
  const claimed = await outbox.claim(key, attempts, now(), now() + pace.timeoutMs + LEASE_OVER_MS);
  if (claimed === null) return 'nothing to do';
  const outcome = await outcomeOf(house, claimed);
  await outbox.settle(claimed.delivery, outcome, now());
  return `${outcome.state}: ${outcome.answer}`;
}

async function outcomeOf(house: NoticeHouse, { delivery, rule, entry }: Attempt): Promise<Outcome> {
  const { pace, now, log } = house;
  try {
    if (entry === null && delivery.lane !== 0)
      throw new UserProblem('The journal entry is not kept any more, so there is nothing to tell.');
    const plugin = house.plugins.notifiers.find(({ manifest }) => manifest.id === rule.notifier);
    if (!plugin) throw new UserProblem(`There is no notifier ${rule.notifier} here.`);
    const notice: Notice = {
      id: deliveryId(delivery),
      at: delivery.at,
      workflow: delivery.workflow,
      sentence: delivery.sentence,
      entry: entry ?? testEntry(delivery),
    };
    // The notifier may be newer than the rule.
    const { config, problems } = fitConfig(plugin as unknown as Plugin, {
      version: rule.notifierVersion,
      config: rule.config,
    });
    if (problems.length > 0) throw new UserProblem(problems.map(({ message }) => message).join(' '));
    const io = createNotifierIo(config, {
      privateHosts: house.privateHosts,
      resolve: house.resolve,
      permissions: plugin.manifest.permissions ?? [],
      now,
      timeoutMs: pace.timeoutMs,
      signal: house.signal,
      secret: async (name) => {
        const sealed = await sealedSecret(house.pool, name);
        return sealed && house.vault.open(name, sealed);
      },
    });
    return { state: 'delivered', answer: await within(pace.timeoutMs, plugin.deliver(io, notice)) };
  } catch (error) {
    if (house.signal.aborted) return { state: 'waiting', answer: 'the worker was stopped during it', dueAt: now() };
    const answer = sentenceOf(error);
    const again = error instanceof OutsideProblem && error.retry;
    if (!again && !(error instanceof OutsideProblem) && !(error instanceof UserProblem))
      log.error('a notifier failed by a mistake of its own', { notifier: rule.notifier, error });
    if (!again || delivery.attempts >= pace.attempts) return { state: 'failed', answer };
    return { state: 'waiting', answer, dueAt: now() + waitAfter(delivery.attempts, pace, house.random) };
  }
}

/** Jittered between half and the whole, so that what failed together does not come again together. */
export function waitAfter(attempts: number, { firstWaitMs, mostWaitMs }: NoticePace, random: () => number): number {
  const whole = Math.min(mostWaitMs, firstWaitMs * 4 ** (attempts - 1));
  return Math.round((whole / 2) * (1 + random()));
}

/** A plugin that waits for something else than its request is not waited for. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutsideProblem(`nothing was heard within ${ms} ms`, true)), ms + 500);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a test tells of: an entry of lane 0, which is no lane. */
const testEntry = ({ seq, at, workflow }: Attempt['delivery']): JournalEntry =>
  ({
    kind: 'session',
    lane: 0,
    seq,
    ordinal: 0,
    at,
    session: '',
    workflow,
    account: '',
    causes: [],
    state: 'started',
    reason: 'a test that a person asked for; nothing happened',
  }) as JournalEntry;
