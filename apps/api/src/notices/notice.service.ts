import { JOURNAL_KINDS, UserProblem, type FieldProblem, type JournalKind } from '#core';
import {
  deliveryId,
  deliveryKey,
  deliveryPage,
  knownWorkflows,
  makeTestDelivery,
  noticeRule,
  noticeRules,
  removeNoticeRule,
  removeSecret,
  saveNoticeRule,
  sendDeliveryAgain,
  storedSecrets,
  storeSecret,
  type DeliveryFilter,
  type DeliveryState,
  type NoticeRule as RuleRow,
  type Person,
} from '#data';
import { fitConfig } from '#host';
import type { Plugin } from '#plugin-sdk';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import type { DeliveryPage, NoticeRule, NoticeRuleInput, StoredSecret } from './notice.types.js';

const MOST_TITLE = 120;
const MOST_SECRET = 4_096;
const SECRET_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const STATES: readonly string[] = ['waiting', 'delivered', 'failed'] satisfies DeliveryState[];

/** What leaves the house, and what became of it. What is saved here is audited, without what a secret says. */
@Injectable()
export class NoticeService {
  constructor(private readonly house: House) {}

  /** Addresses may hold what only the people who act should know: whoever only looks is not shown the config. */
  async rules(viewer: Person): Promise<readonly NoticeRule[]> {
    const rules = await noticeRules(this.house.pool);
    return viewer.role === 'viewer' ? rules.map((rule) => ({ ...rule, config: null })) : rules;
  }

  async deliveries(filter: Omit<DeliveryFilter, 'state'> & { readonly state: string | null }): Promise<DeliveryPage> {
    if (filter.state !== null && !STATES.includes(filter.state))
      throw new UserProblem(`A delivery is ${STATES.join(', ')}; ${filter.state} is nothing it can be.`);
    const page = await deliveryPage(this.house.pool, { ...filter, state: filter.state as DeliveryState | null });
    return {
      ...page,
      items: page.items.map((row) => ({
        ...row,
        id: deliveryId(row),
        dueAt: row.state === 'waiting' ? row.dueAt : null,
      })),
    };
  }

  async save(by: Person, input: NoticeRuleInput): Promise<string> {
    const problems: FieldProblem[] = [];
    const complain = (path: string, message: string): unknown => problems.push({ path, message });
    const title = input.title.trim();
    if (title === '' || title.length > MOST_TITLE) complain('/title', `A title has 1 to ${MOST_TITLE} characters.`);
    const kinds = [...new Set(input.kinds)];
    const odd = kinds.filter((kind) => !(JOURNAL_KINDS as readonly string[]).includes(kind));
    if (kinds.length === 0) complain('/kinds', 'Choose at least one kind of entry.');
    if (odd.length > 0) complain('/kinds', `The journal has no ${odd.join(', ')}; it has ${JOURNAL_KINDS.join(', ')}.`);
    const workflow = input.workflow ?? null;
    if (workflow !== null && !(await knownWorkflows(this.house.pool)).has(workflow))
      complain('/workflow', `There is no workflow ${workflow}.`);
    const { notifiers } = this.house.plugins;
    const plugin = notifiers.find(({ manifest }) => manifest.id === input.notifier);
    let config: RuleRow['config'] = {};
    if (!plugin)
      complain(
        '/notifier',
        `There is no notifier ${input.notifier}; there are ${notifiers.map(({ manifest }) => manifest.id).join(', ')}.`,
      );
    else {
      const fitted = fitConfig(plugin as unknown as Plugin, { version: plugin.manifest.version, config: input.config });
      config = fitted.config;
      for (const { path, message } of fitted.problems) complain(`/config${path}`, message);
    }
    if (problems.length > 0) throw new UserProblem('The rule was not saved.', problems);
    const rule = {
      title,
      workflow,
      kinds: kinds as JournalKind[],
      notifier: input.notifier,
      notifierVersion: plugin?.manifest.version ?? '',
      config,
      active: input.active,
    };
    const now = this.house.now();
    const id = await saveNoticeRule(this.house.pool, { ...rule, id: input.id ?? null, at: now, by: by.name });
    await this.#audit(by, 'notice.save', id, rule);
    await this.#tell();
    return id;
  }

  async remove(by: Person, id: string): Promise<string> {
    const rule = await this.#rule(id);
    await removeNoticeRule(this.house.pool, id);
    await this.#audit(by, 'notice.remove', id, { title: rule.title });
    await this.#tell();
    return id;
  }

  async test(by: Person, id: string): Promise<string> {
    const rule = await this.#rule(id);
    if (!rule.active) throw new UserProblem('This rule is switched off, so nothing of it is sent; switch it on first.');
    const key = await makeTestDelivery(this.house.pool, rule, this.house.now());
    await this.#audit(by, 'notice.test', id, { title: rule.title });
    await this.#tell();
    return deliveryId(key);
  }

  async again(by: Person, id: string): Promise<string> {
    const key = deliveryKey(id);
    if (!key) throw new UserProblem(`${id} is no delivery of ours.`);
    await sendDeliveryAgain(this.house.pool, key, this.house.now());
    await this.#audit(by, 'notice.again', id, {});
    await this.#tell();
    return id;
  }

  secrets(): Promise<readonly StoredSecret[]> {
    return storedSecrets(this.house.pool);
  }

  async saveSecret(by: Person, name: string, secret: string): Promise<string> {
    const problems: FieldProblem[] = [];
    if (!SECRET_NAME.test(name))
      problems.push({ path: '/name', message: 'A name has up to 64 lower-case letters, digits and hyphens.' });
    if (secret.length === 0 || secret.length > MOST_SECRET)
      problems.push({ path: '/secret', message: `A secret has 1 to ${MOST_SECRET} characters.` });
    if (problems.length > 0) throw new UserProblem('The secret was not stored.', problems);
    const { pool, vault, now } = this.house;
    await storeSecret(pool, { name, sealed: vault.seal(name, secret), at: now(), by: by.name });
    await this.#audit(by, 'secret.save', name, {});
    return name;
  }

  async removeSecret(by: Person, name: string): Promise<string> {
    if (!(await removeSecret(this.house.pool, name))) throw new UserProblem(`There is no secret ${name}.`);
    await this.#audit(by, 'secret.remove', name, {});
    return name;
  }

  async #rule(id: string): Promise<RuleRow> {
    const rule = await noticeRule(this.house.pool, id);
    if (!rule) throw new UserProblem(`There is no notice rule ${id}.`);
    return rule;
  }

  #audit(by: Person, action: string, target: string, detail: unknown): Promise<void> {
    return this.house.people.audit({ at: this.house.now(), by: by.name, action, target, detail });
  }

  #tell(): Promise<void> {
    return this.house.bus.publish({ topic: 'notice' }).catch(() => undefined);
  }
}
