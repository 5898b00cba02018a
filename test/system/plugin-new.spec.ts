import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PLUGIN_KINDS } from '#plugin-sdk';

const ROOT = join(import.meta.dirname, '..', '..');
const into = mkdtempSync(join(tmpdir(), 'arbintel-outside-'));
afterAll(() => rmSync(into, { recursive: true, force: true }));

const command = (...argv: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', ...argv], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  return { status, said: `${stdout}${stderr}` };
};

describe('npm run plugin:new and plugin:test', () => {
  it.each(PLUGIN_KINDS)('write a %s far from this project that passes its own tests', (kind) => {
    const made = command('plugin-new', kind, `my-${kind}`, '--into', into);
    expect(made).toMatchObject({ status: 0 });
    expect(made.said).toContain(`npm run plugin:test -- ${join(into, `my-${kind}`)}`);
    const tried = command('plugin-test', join(into, `my-${kind}`));
    expect(tried).toMatchObject({ status: 0 });
    expect(tried.said).toContain(`${kind} my-${kind} 1.0.0 is taken by the registry`);
    expect(tried.said).toMatch(/# fail 0|ℹ fail 0/);
  });

  it('say what the registry has against a plugin', () => {
    const folder = mkdtempSync(join(into, 'refused-'));
    writeFileSync(join(folder, 'plugin.mjs'), 'export default () => ({ kind: "oracle" });');
    const tried = command('plugin-test', folder);
    expect(tried.status).toBe(1);
    expect(tried.said).toContain('the registry refuses it: "oracle" is no kind of plugin');
  });
});
