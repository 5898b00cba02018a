import { OutsideProblem } from '#core';

const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room and begin it again',
  EDQUOT: 'the quota of the disk is used up; make room and begin it again',
  EROFS: 'the disk can only be read',
  EIO: 'the disk failed',
  EACCES: 'the folder may not be written by this user',
  EPERM: 'the folder may not be written by this user',
};

/** What a file system refused, as something outside that begins with `doing`; everything else as it is. */
export function diskProblem(doing: string, error: unknown): unknown {
  const why = SENTENCES[String((error as NodeJS.ErrnoException | null)?.code)];
  return why === undefined ? error : new OutsideProblem(`${doing}: ${why}`, true, { cause: error });
}
