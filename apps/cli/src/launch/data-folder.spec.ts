import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePort, modeOf, openDataFolder } from './data-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbintel-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a data folder', () => {
  it('belongs to one mode for good', () => {
    openDataFolder(folder, 'demo')();
    expect(modeOf(folder)).toBe('demo');
    expect(() => openDataFolder(folder, 'live')).toThrow(/holds demo data and this is a live run; name another folder/);
    expect(existsSync(join(folder, 'launcher.pid'))).toBe(false);
    openDataFolder(folder, 'demo')();
  });

  it('has no mode before a launcher made it', () => {
    expect(() => modeOf(folder)).toThrow(/is no data folder of ArbIntel/);
    writeFileSync(join(folder, 'mode'), 'something else\n');
    expect(() => modeOf(folder)).toThrow(/is no data folder of ArbIntel/);
  });

  it('is refused while another launcher runs on it, and not after that one was killed', async () => {
    const script = join(folder, 'run.mjs');
    writeFileSync(script, 'setInterval(() => {}, 1000);\n');
    const other: ChildProcess = spawn(process.execPath, [script], { stdio: 'ignore' });
    await new Promise((resolve) => other.once('spawn', resolve));
    writeFileSync(join(folder, 'launcher.pid'), `${other.pid}\n`);
    expect(() => openDataFolder(folder, 'demo')).toThrow(new RegExp(`already runs on .* \\(process ${other.pid}\\)`));
    const gone = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await gone;
    openDataFolder(folder, 'demo')();
  });
});

describe('the port to serve on', () => {
  let busy: Server;
  beforeEach(async () => {
    busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise<void>((resolve) => busy.close(() => resolve())));

  it('is the one a person named or a sentence, and moves on when nobody named it', async () => {
    const { port } = busy.address() as AddressInfo;
    await expect(choosePort('127.0.0.1', port, true)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    const other = await choosePort('127.0.0.1', port, false);
    expect(other).not.toBe(port);
    expect(await choosePort('127.0.0.1', 0, true)).toBe(0);
  });
});
