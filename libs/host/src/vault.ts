import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserProblem } from '#core';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals secrets for storage: nonce, tag and AES-256-GCM of the text, bound to the name it is stored under. */
export interface Vault {
  seal(name: string, secret: string): Buffer;
  /** Throws `UserProblem` when it was sealed with another key, under another name, or was changed. */
  open(name: string, sealed: Buffer): string;
}

export function createVault(key: Buffer): Vault {
  return {
    seal(name, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(name, sealed) {
      try {
        const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(name))
          .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new UserProblem(`The secret ${name} was sealed with another key than this server has; store it again.`);
      }
    },
  };
}

/**
 * The vault of a key file, which is made when it is not there: 32 random bytes in hex, readable by its owner only. Several
 * processes may do so at once; all take the one that came first.
 *
 * @throws UserProblem when the file cannot be read or made, or holds no key.
 */
export function openVault(file: string): Vault {
  try {
    return createVault(readKey(file) ?? makeKey(file));
  } catch (error) {
    if (error instanceof UserProblem) throw error;
    throw new UserProblem(`the vault key file ${file} cannot be used: ${(error as Error).message}`);
  }
}

function readKey(file: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new UserProblem(`the vault key file ${file} holds no key: ${KEY_BYTES} bytes in lower-case hex are wanted`);
  return Buffer.from(text, 'hex');
}

function makeKey(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(own, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // Appears whole or not at all, and never replaces what another process made.
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(own);
  }
  return readKey(file) as Buffer;
}
