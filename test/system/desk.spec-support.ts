import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPlugin } from '../../apps/cli/src/plugin/new-plugin.js';
import type { OpenBrowser } from './browser.spec-support.js';

/** A plugin as a stranger writes it: buys five contracts at a time, the least a venue takes, of what is cheap enough. */
const PLUGIN = `
export default ({ defineStrategy, Type, core }) =>
  defineStrategy({
    manifest: { id: 'cheap-buyer', version: '1.2.0', title: 'Cheap buyer', summary: 'Buys what is cheap, five by five.', sdk: '^1.0.0' },
    configSchema: Type.Object({
      below: Type.Integer({
        title: 'Buy below',
        description: 'An ask under this is bought.',
        unit: 'micro-dollars per contract',
        minimum: 1,
        maximum: 999_999,
        default: 200_000,
      }),
    }),
    scope: 'markets',
    initialState: () => ({ at: new Map() }),
    onQuote({ config, state, now }, quote) {
      if (quote.ask < 0 || quote.ask >= config.below || now - (state.at.get(quote.market) ?? 0) < 1_500) return undefined;
      state.at.set(quote.market, now);
      const leg = { market: quote.market, outcome: 'yes', action: 'buy', size: 5 * core.SIZE_ONE, limit: quote.ask };
      return { kind: 'order', legs: [leg], reason: 'cheap' };
    },
  });
`;

/** What `npm run plugin:new -- strategy fresh-idea` writes, as it is. */
const FRESH = 'fresh-idea';

/** Writes both below `folder`, with one beside them that cannot be taken; gives what `ARBINTEL_PLUGINS` is to name. */
export function strangersPlugins(folder: string): string {
  const [good, bad] = [join(folder, 'cheap-buyer'), join(folder, 'too-new')];
  for (const each of [good, bad]) mkdirSync(each, { recursive: true });
  writeFileSync(join(good, 'plugin.mjs'), PLUGIN);
  writeFileSync(
    join(bad, 'plugin.mjs'),
    PLUGIN.replace('cheap-buyer', 'too-new').replace("sdk: '^1.0.0'", "sdk: '^9.0.0'"),
  );
  return [good, bad, newPlugin({ kind: 'strategy', name: FRESH, into: folder })].join(',');
}

interface Desk {
  readonly url: string;
  readonly page: OpenBrowser['page'];
  readonly ask: OpenBrowser['ask'];
  readonly complaints: readonly string[];
}
interface Fills {
  readonly journal: { readonly items: readonly { readonly markets: readonly { readonly id: string }[] }[] };
}

interface Quoted {
  readonly id: string;
  readonly title: string;
  readonly closesAt: number | null;
  readonly quote: { readonly ask: number | null; readonly seq: number; readonly trusted: boolean } | null;
}

/** A market that lasts, is quoted all the time and is cheap, so that many may be bought under the limits of an account. */
async function busyMarket(ask: OpenBrowser['ask']): Promise<Quoted> {
  const look = async (): Promise<readonly Quoted[]> =>
    (
      await ask<{ markets: { items: readonly Quoted[] } }>(
        '{ markets(first: 200, status: "open") { items { id title closesAt quote { ask seq trusted } } } }',
      )
    ).markets.items;
  const before = new Map((await look()).map(({ id, quote }) => [id, quote?.seq]));
  // Two seconds are enough where the machine has time for them.
  for (let round = 0; round < 15; round++) {
    await new Promise((go) => setTimeout(go, 2_000));
    const soon = Date.now() + 600_000;
    const [first] = (await look())
      .filter(
        ({ id, closesAt, quote }) =>
          quote?.trusted === true &&
          quote.seq !== before.get(id) &&
          (quote.ask ?? 0) > 100_000 &&
          (quote.ask ?? 0) < 900_000 &&
          (closesAt ?? soon) >= soon,
      )
      .sort((a, b) => (a.quote?.ask ?? 0) - (b.quote?.ask ?? 0));
    if (first) return first;
  }
  return expect.fail('no market is quoted all the time');
}

/** What a person does at the desk, one step after the other, in a demo that runs. */
export function deskStory(desk: () => Desk): void {
  let market: Quoted;
  const workflow = { id: 'bargains', title: 'Bargains' };
  /** Of its own: what other workflows hold, lose or miss meanwhile fills none of its limits. */
  const account = 'Bargain purse';
  const fillsOf = async (): Promise<number> => {
    const asked = '{ workflows { id fills } }';
    const { workflows } = await desk().ask<{ workflows: readonly { id: string; fills: number }[] }>(asked);
    return workflows.find(({ id }) => id === workflow.id)?.fills ?? 0;
  };
  /** What the journal said last of it, for who reads why something did not come. */
  const said = async (): Promise<string> => {
    const { journal } = await desk().ask<{ journal: { items: readonly { summary: string }[] } }>(
      `{ journal(first: 4, workflow: "${workflow.id}") { items { summary } } }`,
    );
    return journal.items.map(({ summary }) => summary).join('; ');
  };

  it('is a stranger without its cookie, and signs in', async () => {
    const { page, url } = desk();
    // Not from a page that listens: what it is refused then would be a complaint of its console.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await page.goto(`${url}/portfolio`);
    await page.waitForURL('**/sign-in?to=/portfolio');
    await page.getByLabel('Name').fill('founder');
    await page.getByLabel('Password').fill('a long enough secret');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/portfolio`);
    await page.getByText('Equity').first().waitFor();
  }, 60_000);

  it('opens a further account, and not two of one name', async () => {
    const { page, url } = desk();
    await page.goto(`${url}/risk`);
    await page.getByRole('button', { name: 'Open an account' }).click();
    await page.getByLabel('Name').fill('Paper account');
    await page.getByLabel('Opening cash').fill('2000');
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByText('There is an account Paper account already.').waitFor();
    await page.getByLabel('Name').fill(account);
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByRole('group', { name: 'Account' }).getByRole('button', { name: account }).waitFor();
  }, 60_000);

  it('shows a stranger’s plugin beside the built-in ones, and why another one was refused', async () => {
    const { page, url } = desk();
    await page.goto(`${url}/plugins`);
    await page.locator('section', { hasText: 'Refused' }).getByText('^9.0.0').first().waitFor();
    await page.getByRole('link', { name: 'Cheap buyer' }).click();
    await page.getByText('An ask under this is bought.').waitFor();
    await page.getByText('20 ¢ a contract').waitFor();
    await page.getByRole('link', { name: 'New workflow' }).click();
  }, 60_000);

  it('refuses a bad value at its field, and what only the server can know as well', async () => {
    const { page } = desk();
    const make = page.getByRole('button', { name: 'Make the workflow' });
    await make.click();
    await page.getByText('A workflow needs a title.').waitFor();
    await page.getByLabel('Title').fill(workflow.title);
    await page.getByLabel('Buy below').fill('250');
    await page.getByText('Only 0.0001 to 99.9999 ¢ a contract').waitFor();
    expect(await make.isDisabled()).toBe(true);
    await page.getByLabel('Buy below').fill('99');
    await page.getByLabel('Position per market').fill('9000000');
    await page.getByRole('button', { name: 'On', exact: true }).click();
    await make.click();
    await page
      .getByText(/at most|tighten|wider|exceed/i)
      .first()
      .waitFor();
    await page.getByLabel('Position per market').fill('');
    // Nothing may be bought before it is allowed somewhere: first it is allowed nowhere.
    expect(page.url()).toContain('/workflows/new');
  }, 60_000);

  it('is allowed at one market only, of all of them', async () => {
    const { page, url, ask } = desk();
    market = await busyMarket(ask);
    await page.goto(`${url}/enablement?kind=venue&plugin=cheap-buyer`);
    await page.getByLabel('Choose every row that is loaded').check();
    await page.getByRole('group', { name: 'Set what is chosen' }).getByRole('button', { name: 'Off' }).click();
    await page.getByText(/each of 2 places is off/).waitFor();
    await page.goto(`${url}/enablement?plugin=cheap-buyer&text=${encodeURIComponent(market.id)}`);
    const cell = page.locator('select.mode').first();
    await cell.locator('option', { hasText: 'Off · venue' }).waitFor({ state: 'attached' });
    await cell.selectOption('paper');
    await expect.poll(() => cell.inputValue(), { interval: 50, timeout: 20_000 }).toBe('paper');
  }, 120_000);

  it('makes a workflow from the form and sees its first fill, at that market', async () => {
    const { page, url, ask } = desk();
    await page.goto(`${url}/workflows/new?plugin=cheap-buyer`);
    await page.getByLabel('Title').fill(workflow.title);
    // By the keyboard: the text field of a select lies below its own frame.
    await page.getByRole('combobox', { name: 'Account' }).press('ArrowDown');
    await page.getByRole('option', { name: account }).click();
    await page.getByLabel('Buy below').fill('99');
    await page.getByRole('button', { name: 'On', exact: true }).click();
    await page.getByRole('button', { name: 'Make the workflow' }).click();
    await page.waitForURL(`**/workflows/${workflow.id}`);
    const fills = page.locator('dt:text-is("Fills") + dd');
    const seen = async (): Promise<string> => `${await fills.innerText()} fills; ${await said()}`;
    await expect.poll(seen, { timeout: 60_000, interval: 500 }).toMatch(/^[1-9]\d* fills/);
    const { journal } = await ask<Fills>(
      `{ journal(first: 5, kinds: ["fill"], workflow: "${workflow.id}") { items { markets { id } } } }`,
    );
    expect([...new Set(journal.items.flatMap(({ markets }) => markets.map(({ id }) => id)))]).toEqual([market.id]);
  }, 120_000);

  it('hits the kill switch of the house on a page that has nothing to do with it, and recovers', async () => {
    const { page, url, ask, complaints } = desk();
    await page.goto(`${url}/markets`);
    await page.getByRole('button', { name: 'Kill switch' }).click();
    const stop = page.getByRole('button', { name: 'Stop all orders' });
    await stop.waitFor();
    expect(await stop.isDisabled()).toBe(true);
    await page.getByLabel('Reason, for the journal').fill('fire drill');
    await stop.click();
    await page.getByRole('button', { name: 'Killed' }).waitFor();
    const stopped = await fillsOf();
    await expect.poll(said, { timeout: 60_000, interval: 500 }).toContain('fire drill');
    // Of the house: every account has stopped, and nothing was bought since.
    const { accounts } = await ask<{ accounts: readonly { killedBy: readonly string[] }[] }>(
      '{ accounts { killedBy } }',
    );
    expect(accounts.map(({ killedBy }) => killedBy)).toEqual([['house'], ['house']]);
    expect(await fillsOf()).toBe(stopped);
    await page.goto(`${url}/risk`);
    await page.getByText('Kill switch of the house on').waitFor();
    await page.getByRole('button', { name: 'Killed' }).click();
    await page.getByLabel('Reason, for the journal').fill('the drill is over');
    await page.getByRole('button', { name: 'Allow orders' }).click();
    await page.getByRole('button', { name: 'Kill switch' }).waitFor();
    await page.getByText('Kill switch of the house on').waitFor({ state: 'detached' });
    const again = async (): Promise<string> =>
      `${(await fillsOf()) > stopped ? 'buys again' : 'buys nothing'}; ${await said()}`;
    await expect.poll(again, { timeout: 60_000, interval: 500 }).toMatch(/^buys again/);
    expect(complaints).toEqual([]);
  }, 180_000);

  it('tightens a limit and sees the denial with its numbers', async () => {
    const { page, url } = desk();
    await page.goto(`${url}/workflows/${workflow.id}`);
    await page.getByLabel('Position per market').fill('5');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Version 2 is in force').waitFor();
    await expect
      .poll(() => page.locator('dt:text-is("Denials") + dd').innerText(), { timeout: 60_000, interval: 250 })
      .not.toMatch(/^(0|–)$/);
    await page
      .getByRole('button', { name: /What version 2 changed|2/ })
      .first()
      .click();
    await page.getByText('Limit: position per market').waitFor();
    await page.goto(`${url}/risk`);
    await page.getByRole('group', { name: 'Account' }).getByRole('button', { name: account }).click();
    const row = page.locator('tr', { hasText: workflow.title }).filter({ hasText: 'Position per market' });
    await row.first().waitFor();
    expect(await row.first().innerText()).toMatch(/\b5\b/);
  }, 120_000);

  it('pays paper money in and takes it out again, as far as it is free', async () => {
    const { page, url } = desk();
    await page.goto(`${url}/portfolio`);
    const move = page.getByRole('button', { name: 'Pay in or take out' });
    await move.first().click();
    await page.getByLabel('Amount').fill('250');
    await page.getByRole('button', { name: 'Pay in', exact: true }).last().click();
    await page.getByText(/\$250\.00 paid into/).waitFor();
    await move.first().click();
    await page.getByRole('button', { name: 'Take out', exact: true }).first().click();
    await page.getByLabel('Amount').fill('999000000');
    await page.getByRole('button', { name: 'Take out', exact: true }).last().click();
    await page.getByText('are free; take out less').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  }, 60_000);

  it('runs a strategy as plugin:new wrote it', async () => {
    const { ask } = desk();
    const { accounts } = await ask<{ accounts: readonly { id: string }[] }>('{ accounts { id } }');
    const form = `{ title: "Fresh", plugin: "${FRESH}", account: "${accounts[0]!.id}", mode: "shadow", config: { below: 990000 } }`;
    const made = await ask(
      `mutation { saveWorkflow(input: ${form}) { ... on WorkflowSaved { id } ... on Problem { message fields { path message } } } }`,
    );
    expect(made).toEqual({ saveWorkflow: { id: 'fresh' } });
    const look = async (): Promise<string> => {
      const { workflow: now } = await ask<{ workflow: { state: string; signals: number } }>(
        '{ workflow(id: "fresh") { state signals } }',
      );
      return `${now.state}, ${now.signals > 0 ? 'with signals' : 'without one'}`;
    };
    await expect.poll(look, { timeout: 60_000, interval: 500 }).toBe('running, with signals');
    await ask('mutation { archiveWorkflow(id: "fresh") { __typename } }');
  }, 90_000);

  it('puts it into the archive, and runs a job of the clock by hand', async () => {
    const { page, url, complaints } = desk();
    await page.goto(`${url}/workflows`);
    await page.getByLabel(`Archive ${workflow.title}`).click();
    await page.getByRole('button', { name: 'Archive it' }).click();
    await page.getByText('its versions stay').waitFor();
    await page.goto(`${url}/runs?view=clock`);
    await page.getByRole('button', { name: 'Run now Candles' }).click();
    await page.getByText('Candles is in its queue').waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);
}
