import { join } from 'node:path';

/** Exports and uploads on their way between people and workers; the API and the workers share this folder. */
export const transferFolder = (dataDir: string): string => join(dataDir, 'transfers');

/** Where an upload waits for its import. */
export const uploadPath = (dataDir: string, task: string): string => join(transferFolder(dataDir), `${task}.upload`);

/** A finished export: a replay file, or the folder of the other formats as one tar. */
export const exportPath = (dataDir: string, task: string, format: string): string =>
  join(transferFolder(dataDir), `${task}.${format === 'replay' ? 'replay' : 'tar'}`);
