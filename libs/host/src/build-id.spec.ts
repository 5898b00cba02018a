import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildId, buildIdOf } from './build-id.js';

const folder = mkdtempSync(join(tmpdir(), 'arbintel-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const libs = (name: string): string => {
  const path = join(folder, name, 'libs');
  for (const library of ['core', 'quant', 'engine', 'plugin-sdk', 'plugins']) {
    mkdirSync(join(path, library), { recursive: true });
    writeFileSync(join(path, library, 'index.js'), `export const name = '${library}';\n`);
  }
  return path;
};

describe('the name of a build', () => {
  it('is the same for the same code, wherever it lies', () => {
    expect(buildId()).toMatch(/^[0-9a-f]{16}$/);
    expect(buildId()).toBe(buildId());
    expect(buildIdOf(libs('a'), '.js', {})).toBe(buildIdOf(libs('b'), '.js', {}));
  });

  it('is another one when a line of what decides changes, a file comes, or a package moves', () => {
    const path = libs('c');
    const before = buildIdOf(path, '.js', { typebox: '1.4.3' });
    expect(buildIdOf(path, '.js', { typebox: '1.4.4' })).not.toBe(before);
    writeFileSync(join(path, 'engine', 'gate.js'), 'export {};\n');
    const after = buildIdOf(path, '.js', { typebox: '1.4.3' });
    expect(after).not.toBe(before);
    writeFileSync(join(path, 'engine', 'gate.js'), 'export {}; \n');
    expect(buildIdOf(path, '.js', { typebox: '1.4.3' })).not.toBe(after);
  });

  it('does not ask for tests and maps', () => {
    const path = libs('d');
    const before = buildIdOf(path, '.js', {});
    for (const name of ['gate.spec.js', 'tape.spec-support.js', 'gate.js.map', 'gate.d.ts'])
      writeFileSync(join(path, 'engine', name), 'anything');
    mkdirSync(join(path, 'engine', 'testing'));
    cpSync(join(path, 'engine', 'index.js'), join(path, 'engine', 'testing', 'bench.js'));
    expect(buildIdOf(path, '.js', {})).toBe(before);
  });
});
