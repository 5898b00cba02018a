import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserProblem } from '#core';
import { writeReplayFile } from '#data';
import { builtInPlugins, fileOf, scopeOf } from '#host';
import { crossVenueTape } from '../bench/backtest.tape.js';
import { backtest } from './backtest.command.js';

describe('npm run backtest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-backtest-'));
  const at = (name: string): string => join(folder, name);
  const said: string[] = [];

  beforeAll(async () => {
    const events = crossVenueTape({ seed: 7, events: 12_000, startAt: Date.UTC(2026, 8, 1) });
    await writeReplayFile(at('tape'), 0, 'made up', events);
    const plugin = 'cross-venue-arbitrage';
    const pluginVersion = builtInPlugins().find(plugin)!.plugin.manifest.version;
    const record = { title: 'Pairs', plugin, pluginVersion, config: {}, scope: scopeOf({}), limits: {}, models: [] };
    writeFileSync(at('workflow.json'), JSON.stringify(fileOf(record as never)));
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  });
  afterAll(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (...more: string[]): Promise<number> =>
    backtest(['--workflow', at('workflow.json'), '--tape', at('tape'), ...more]);

  it('plays a tape without a server and writes the report as JSON and as a page', async () => {
    expect(
      await run('--json', at('out.json'), '--html', at('out.html'), '--latency', 'kalshi=40', '--feed', '10'),
    ).toBe(0);
    const { report, stress, refused, header, peek } = JSON.parse(readFileSync(at('out.json'), 'utf8'));
    expect(report.events).toBe(12_000);
    expect(stress).toHaveLength(4);
    expect(refused).toBe('');
    expect(peek.difference).toBeNull();
    expect(header).toMatchObject({ latency: { kind: 'constant', ms: { kalshi: 40 } }, feedMs: { '*': 10 } });
    const html = readFileSync(at('out.html'), 'utf8');
    for (const part of [
      '<h1>Pairs</h1>',
      'What was seen',
      'What the gate asked',
      'What the strategy reckoned',
      'Bought',
    ])
      expect(html).toContain(part);
    const { traces } = JSON.parse(readFileSync(at('out.json'), 'utf8'));
    for (const { signalId } of report.trades.list) expect(traces[signalId].entries[0].signalId).toBe(signalId);
    expect(said.join('')).toContain('12,000 events');
  });

  it('plays the span it is told, and says by its exit code that a result may not be believed', async () => {
    const from = new Date(Date.UTC(2026, 8, 1) + 12_000).toISOString();
    const asked = ['--no-stress', '--from', from, '--min-coverage', '100', '--json', at('span.json')];
    const code = await run(...asked);
    const { report, refused } = JSON.parse(readFileSync(at('span.json'), 'utf8'));
    expect(report.warmUp).toBeGreaterThan(5_000);
    expect(code).toBe(refused === '' ? 0 : 1);
    expect(await run('--no-stress', '--to', from, '--min-coverage', '100')).toBe(1);
    expect(said.at(-1)).toContain('refused: Books could be trusted');
    expect(await run('--no-stress', '--from', '2027-01-01T00:00:00Z')).toBe(1);
    expect(said.at(-1)).toContain('refused: Nothing of the tape');
  });

  const swept = (...more: string[]): Promise<number> =>
    backtest(['sweep', '--workflow', at('workflow.json'), '--tape', at('tape'), '--workers', '1', ...more]);

  it('sweeps settings over windows of the tape, and judges by the tests of what training chose', async () => {
    const vary = ['--vary', 'minEdge=5000..25000/2', '--vary', 'maxContracts=50,200'];
    const code = await swept(...vary, '--windows', '2', '--goal', 'profit', '--json', at('sweep.json'));
    const told = JSON.parse(readFileSync(at('sweep.json'), 'utf8'));
    expect(told.plan.sets).toHaveLength(4);
    expect(told.runs).toHaveLength(4 * 2 * 2);
    expect(told.choices.map(({ tried }: { tried: number }) => tried)).toEqual([4, 4]);
    for (const { window, set, test } of told.choices)
      expect(told.runs).toContainEqual(expect.objectContaining({ window, set, part: 'test', profit: test.profit }));
    expect(told.outOfSample.profit).toBe(
      told.choices.reduce((sum: number, { test }: { test: { profit: number } }) => sum + test.profit, 0),
    );
    expect(code).toBe(0);
    expect(said.join('')).toContain('16 backtests');
  });

  it('names what is wrong with a sweep', async () => {
    await expect(swept()).rejects.toMatchObject({ fields: [{ path: '/vary' }] });
    await expect(swept('--vary', 'minEdge=a..b')).rejects.toMatchObject({ fields: [{ path: '/vary' }] });
    await expect(swept('--vary', 'nothing')).rejects.toThrow(UserProblem);
    await expect(swept('--vary', 'minEdge', '--windows', 'x')).rejects.toThrow(UserProblem);
  });

  it('compares nothing with a tape on which nobody traded on paper', async () => {
    await expect(backtest(['--parity', '--tape', at('tape')])).rejects.toThrow('no workflow was ever saved');
    await expect(backtest(['--parity', '--tape', at('none')])).rejects.toThrow('cannot be read');
  });

  it('names what is wrong with its arguments and files', async () => {
    await expect(backtest(['--from', 'soon'])).rejects.toMatchObject({
      fields: [{ path: '/from' }, { path: '/workflow' }],
    });
    await expect(run('--latency', 'kalshi:40')).rejects.toMatchObject({
      fields: [{ path: '/latency', message: expect.stringContaining('kalshi=100') }],
    });
    // Before anything is played, not after.
    await expect(run('--json', join(folder, 'nowhere', 'out.json'))).rejects.toMatchObject({
      fields: [{ path: '/json' }],
    });
    await expect(backtest(['--workflow', at('tape'), '--tape', at('tape')])).rejects.toThrow('cannot be read as JSON');
    await expect(backtest(['--workflow', at('workflow.json'), '--tape', at('none')])).rejects.toThrow('cannot be read');
  });
});
