import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserProblem } from '#core';
import { diskProblem } from './disk-problem.js';

const BLOCK = 512;
const CHUNK = 1 << 20;
/** What eleven octal digits hold. */
const MOST_BYTES = 8 * 1024 ** 3 - 1;
/** Files of an archive and nothing else: no folder, no link, no way out of the folder. */
const NAME = /^[a-z_]{1,60}\.(parquet|csv|json)$/;

/** A folder of plain files as one file, as POSIX tar (ustar) has it: for carrying an archive over HTTP. */
export async function packFolder(folder: string, path: string): Promise<number> {
  const partial = `${path}.partial`;
  const out = await open(partial, 'w');
  let written = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    await out.writeFile(bytes);
    written += bytes.length;
  };
  try {
    for (const name of (await readdir(folder)).sort()) {
      const from = await open(join(folder, name), 'r');
      try {
        const { size } = await from.stat();
        if (size > MOST_BYTES) throw new UserProblem(`${name} is larger than 8 GiB; export a shorter span`);
        await write(header(`${basename(folder)}/${name}`, size));
        const buffer = Buffer.alloc(CHUNK);
        for (let at = 0; at < size;) {
          const { bytesRead } = await from.read(buffer, 0, CHUNK, at);
          if (bytesRead === 0) break;
          await write(buffer.subarray(0, bytesRead));
          at += bytesRead;
        }
        await write(Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK));
      } finally {
        await from.close();
      }
    }
    await write(Buffer.alloc(2 * BLOCK));
    await out.sync();
    await out.close();
  } catch (error) {
    await out.close();
    await rm(partial, { force: true });
    throw diskProblem('the files could not be packed', error);
  }
  await rename(partial, path);
  return written;
}

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(name, 0, 100, 'utf8');
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write('        0', 148);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Whether a file begins as a tar of ours does. */
export async function isTar(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(BLOCK);
    const { bytesRead } = await file.read(start, 0, BLOCK, 0);
    return bytesRead === BLOCK && start.toString('latin1', 257, 262) === 'ustar';
  } finally {
    await file.close();
  }
}

/**
 * The other way: into a folder that is not there yet, which appears when all of it is unpacked.
 *
 * @throws UserProblem when it is cut off, or holds anything but an archive's files; OutsideProblem when there is no room.
 */
export async function unpackTar(path: string, folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const file = await open(path, 'r');
  try {
    const { size: whole } = await stat(path);
    const head = Buffer.alloc(BLOCK);
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(head, 0, BLOCK, at);
      if (bytesRead < BLOCK) throw new UserProblem('the upload is cut off: its end is missing');
      if (head.every((byte) => byte === 0)) break;
      const name = basename(head.toString('utf8', 0, 100).replace(/\0.*$/s, ''));
      const size = Number.parseInt(head.toString('latin1', 124, 135), 8);
      const kind = head.toString('latin1', 156, 157);
      at += BLOCK;
      // Tar programs put folders before their files, and some a header of their own.
      if (kind !== '5' && kind !== 'x' && kind !== 'g') {
        if (!NAME.test(name) || (kind !== '0' && kind !== '\0') || !(size >= 0))
          throw new UserProblem(`${JSON.stringify(name)} is no file of an exported tape`);
        if (at + size > whole) throw new UserProblem('the upload is cut off: its end is missing');
        await copyOut(file, at, size, join(partial, name));
      }
      at += Math.ceil((size || 0) / BLOCK) * BLOCK;
    }
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw diskProblem('the upload could not be unpacked', error);
  } finally {
    await file.close();
  }
  await rename(partial, folder);
}

async function copyOut(
  from: Awaited<ReturnType<typeof open>>,
  start: number,
  size: number,
  path: string,
): Promise<void> {
  const out = await open(path, 'wx');
  try {
    const buffer = Buffer.alloc(CHUNK);
    for (let done = 0; done < size;) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(CHUNK, size - done), start + done);
      if (bytesRead === 0) break;
      await out.writeFile(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  } finally {
    await out.close();
  }
}
