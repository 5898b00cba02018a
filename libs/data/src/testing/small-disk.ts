import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own that can be full for real, in a fresh folder. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes what is left of it, but for so many bytes. */
  fill(but?: number): void;
  /** Gives it back. */
  empty(): void;
  remove(): void;
}

/** `null` where this machine or user may not mount one. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-disk-'));
  chmodSync(folder, 0o711);
  const remove = (): void => {
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  const asked = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', folder];
  if (process.platform !== 'linux' || spawnSync('mount', asked).status !== 0) {
    remove();
    return null;
  }
  const ballast = join(folder, 'ballast');
  const empty = (): void => rmSync(ballast, { force: true });
  const fill = (but = 0): void => {
    const spare = join(folder, 'spare');
    if (but > 0) write(spare, but, Buffer.alloc(but));
    write(ballast, Infinity, Buffer.alloc(1 << 20));
    rmSync(spare, { force: true });
  };
  return { folder, fill, empty, remove };
}

/** Until so many bytes are written or there is no room for 512. */
function write(path: string, most: number, block: Buffer): void {
  const to = openSync(path, 'w');
  try {
    for (let size = block.length, done = 0; size >= 512 && done < most;) {
      try {
        done += writeSync(to, block, 0, size);
      } catch {
        size >>= 1;
      }
    }
  } finally {
    closeSync(to);
  }
}

export const SMALL_DISKS = ((): boolean => {
  const disk = smallDisk(1);
  disk?.remove();
  return disk !== null;
})();
