import { resolve } from 'node:path';
import { UserProblem } from '#core';
import { createPool, fileTape, lanes, laneTape, migrate, ReplayFile, tapeSpan, type PlayableTape } from '#data';
import { withStoredDatabase } from '../launch/stored-database.js';

/** Where a tape lies, in words that another process understands. */
export type TapePlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'lane'; readonly url: string; readonly lane: number; readonly toSeq: number };

/** Lends the tape of a file, or of a lane in a data folder or `DATABASE_URL`; -1 is the first lane that has one. */
export async function withTape<T>(
  path: string | undefined,
  folder: string | undefined,
  lane: number,
  work: (tape: PlayableTape, place: TapePlace) => Promise<T>,
): Promise<T> {
  if (path !== undefined) {
    const place = { kind: 'file', path: resolve(path) } as const;
    return withPlace(place, (tape) => work(tape, place));
  }
  return withStoredDatabase(folder, async (url) => {
    await migrate(url);
    const known = await lanesOf(url);
    const found = known.find(({ id }) => lane < 0 || id === lane);
    if (found === undefined || found.headSeq === 0)
      throw new UserProblem(known.length === 0 ? 'there is no tape yet' : `there is no tape of lane ${lane}`);
    const place = { kind: 'lane', url, lane: found.id, toSeq: found.headSeq } as const;
    return withPlace(place, (tape) => work(tape, place));
  });
}

async function lanesOf(url: string): ReturnType<typeof lanes> {
  const pool = createPool(url, 1);
  try {
    return await lanes(pool);
  } finally {
    await pool.end();
  }
}

/** @throws UserProblem when it cannot be read, or is no replay file. */
export const openReplay = (path: string): Promise<ReplayFile> =>
  ReplayFile.open(path).catch((error: unknown) => {
    if (error instanceof UserProblem) throw error;
    throw new UserProblem(`${path} cannot be read: ${(error as Error).message}`);
  });

/** The same from a place, in whatever process. */
export async function withPlace<T>(place: TapePlace, work: (tape: PlayableTape) => Promise<T>): Promise<T> {
  if (place.kind === 'file') {
    const file = await openReplay(place.path);
    try {
      return await work(fileTape(file));
    } finally {
      await file.close();
    }
  }
  const pool = createPool(place.url, 4);
  try {
    const { lane, toSeq } = place;
    return await work(laneTape(pool, { lane, toSeq, ...(await tapeSpan(pool, lane, toSeq)) }));
  } finally {
    await pool.end();
  }
}
