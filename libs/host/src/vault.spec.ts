import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { openVault } from './vault.js';

const folder = mkdtempSync(join(tmpdir(), 'arbintel-vault-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the vault', () => {
  it('makes its key once, for its owner only, and every process has the same', () => {
    const file = join(folder, 'deep', 'vault.key');
    const sealed = openVault(file).seal('hook', 'hush — 秘密');
    expect(sealed.includes('hush')).toBe(false);
    expect(openVault(file).open('hook', sealed)).toBe('hush — 秘密');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['vault.key']);
  });

  it('seals the same text differently each time', () => {
    const vault = openVault(join(folder, 'a.key'));
    expect(vault.seal('hook', 'x').equals(vault.seal('hook', 'x'))).toBe(false);
  });

  it('opens nothing under another name, another key, or once it was touched', () => {
    const vault = openVault(join(folder, 'a.key'));
    const sealed = vault.seal('hook', 'hush');
    const touched = Buffer.from(sealed);
    touched[touched.length - 1] ^= 1;
    for (const open of [
      () => vault.open('other', sealed),
      () => vault.open('hook', touched),
      () => vault.open('hook', sealed.subarray(0, 20)),
      () => openVault(join(folder, 'b.key')).open('hook', sealed),
    ])
      expect(open).toThrow(UserProblem);
  });

  it('refuses a file that holds no key, and a place where none can be made', () => {
    writeFileSync(join(folder, 'c.key'), 'not a key');
    expect(() => openVault(join(folder, 'c.key'))).toThrow('holds no key');
    expect(() => openVault(join(folder, 'c.key', 'below'))).toThrow('cannot be used');
  });
});
