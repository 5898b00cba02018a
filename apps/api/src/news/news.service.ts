import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideProblem, UserProblem, type FieldProblem } from '#core';
import {
  keepNewsSecret,
  marketTitles,
  newsById,
  newsScorers,
  newsSourceRows,
  NewsStore,
  removeNewsSource,
  saveNewsSource,
  type ItemScores,
  type NewsSourceRow,
  type Person,
} from '#data';
import { fitConfig } from '#host';
import type { NewsPlugin, Plugin } from '#plugin-sdk';
import { sourceWeight } from '#plugins';
import { defineQueue, queueConnection, type JobQueue } from '#queue';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { House } from '../house.js';
import type { NewsSaved, NewsScorer, NewsSource, NewsSourceInput, NewsTrial } from './news.types.js';

const MOST_HEADLINE = 500;
const SOURCE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const TRIAL_MS = 15_000;
const SCORER_FRESH_MS = 5 * 60_000;

/** Sources as people keep them, and headlines they try; the scoring itself is a worker's. */
@Injectable()
export class NewsService implements OnModuleDestroy {
  readonly #store: NewsStore;
  #queue: JobQueue | null = null;

  constructor(private readonly house: House) {
    this.#store = new NewsStore(house.pool);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#queue?.close().catch(() => undefined);
  }

  /** Addresses may hold keys: `withConfig` is for whoever may change them. */
  async sources(withConfig: boolean): Promise<readonly NewsSource[]> {
    const rows = await newsSourceRows(this.house.pool, this.house.now());
    return rows.map((row) => ({
      ...row,
      config: withConfig ? row.config : null,
      state: this.#stateOf(row),
      weight: sourceWeight(row.hits + row.priorHits, row.judged + row.priorJudged),
    }));
  }

  scorers(): Promise<readonly NewsScorer[]> {
    return newsScorers(this.house.pool, this.house.now() - SCORER_FRESH_MS);
  }

  async save(by: Person, input: NewsSourceInput): Promise<NewsSaved> {
    const problems: FieldProblem[] = [];
    if (!SOURCE_ID.test(input.id))
      problems.push({ path: '/id', message: 'An id is of lower-case letters, digits and hyphens, at most 64.' });
    const title = input.title.trim();
    if (title === '' || title.length > 120)
      problems.push({ path: '/title', message: 'A title has 1 to 120 characters.' });
    const plugin = this.#pluginOf(input);
    let config: Readonly<Record<string, unknown>> = {};
    if (!plugin) {
      const known = this.house.plugins.news.map(({ manifest }) => manifest.id).join(', ');
      problems.push({ path: '/plugin', message: `There is no news plugin ${input.plugin}; there are ${known}.` });
    } else {
      const fitted = fitConfig(plugin as unknown as Plugin, { version: plugin.manifest.version, config: input.config });
      config = fitted.config;
      for (const { path, message } of fitted.problems) problems.push({ path: `/config${path}`, message });
    }
    if (problems.length > 0) throw new UserProblem('The source was not saved.', problems);
    const category = input.category.trim().slice(0, 40);
    const known = (await newsSourceRows(this.house.pool, 0)).some(({ id }) => id === input.id);
    await saveNewsSource(this.house.pool, {
      id: input.id,
      plugin: input.plugin,
      title,
      category,
      config,
      enabled: input.enabled,
    });
    await this.#audit(by, 'news.save', input.id, { plugin: input.plugin, title, enabled: input.enabled });
    return plugin?.receive !== undefined && !known ? this.renewSecret(by, input.id) : { id: input.id, secret: null };
  }

  /** A new secret for a source that is sent to us; the old one stops working. */
  async renewSecret(by: Person, id: string): Promise<NewsSaved> {
    const row = (await newsSourceRows(this.house.pool, 0)).find((one) => one.id === id);
    if (!row) throw new UserProblem(`There is no source ${id}.`);
    if (this.#pluginOf(row)?.receive === undefined)
      throw new UserProblem(`${row.title} is not sent to us: it has no secret.`);
    const secret = randomBytes(32).toString('base64url');
    await keepNewsSecret(this.house.pool, id, this.house.vault.seal(`news:${id}`, secret));
    await this.#audit(by, 'news.secret', id, {});
    return { id, secret };
  }

  async remove(by: Person, id: string): Promise<NewsSaved> {
    if (!(await removeNewsSource(this.house.pool, id))) throw new UserProblem(`There is no source ${id}.`);
    await this.#audit(by, 'news.remove', id, {});
    return { id, secret: null };
  }

  /** What would be made of a headline: asked of a worker, which has the model. */
  async trial(text: string): Promise<NewsTrial> {
    const headline = text.replace(/\s+/gu, ' ').trim();
    if (headline === '' || headline.length > MOST_HEADLINE)
      throw new UserProblem(`A headline has 1 to ${MOST_HEADLINE} characters.`, [{ path: '/text', message: 'length' }]);
    const id = randomUUID();
    await this.#store.askTrial(id, headline, this.house.now());
    this.#queue ??= defineQueue(queueConnection(this.house.config), 'news');
    await this.#queue.add('trial', { kind: 'trial', id }, { jobId: `trial-${id}` });
    try {
      const until = this.house.now() + TRIAL_MS;
      while (this.house.now() < until) {
        const row = await this.#store.trial(id);
        if (row?.problem) throw new OutsideProblem(row.problem, true);
        if (row?.answer) return await this.#shown(row.answer as ItemScores & { readonly note: string });
        await sleep(60);
      }
    } finally {
      await this.#store.dropTrial(id);
    }
    throw new UserProblem('No worker answered. News is scored by the jobs worker; see the System page for its state.');
  }

  async #shown(scores: ItemScores & { readonly note: string }): Promise<NewsTrial> {
    const titles = await marketTitles(
      this.house.pool,
      scores.touches.map(({ market }) => market),
    );
    const repeated = scores.echoOf === null ? null : await newsById(this.house.pool, scores.echoOf);
    return {
      ...scores,
      positive: scores.sentiment?.positive ?? 0,
      negative: scores.sentiment?.negative ?? 0,
      echoOf: repeated?.title ?? null,
      touches: scores.touches.map((touch) => ({ ...touch, title: titles.get(touch.market)?.title ?? touch.market })),
    };
  }

  #pluginOf({ plugin }: Pick<NewsSourceRow, 'plugin'>): NewsPlugin | undefined {
    return this.house.plugins.news.find(({ manifest }) => manifest.id === plugin);
  }

  #stateOf(row: NewsSourceRow): string {
    const { enabled, held, failures, askedAt } = row;
    if (!enabled) return 'off';
    if (this.#pluginOf(row)?.receive !== undefined) return 'ready';
    if (failures > 0) return 'failed';
    return held && askedAt !== null ? 'live' : 'waiting';
  }

  async #audit(by: Person, what: string, target: string, detail: object): Promise<void> {
    await this.house.people.audit({ at: this.house.now(), by: by.name, action: what, target, detail });
  }
}
