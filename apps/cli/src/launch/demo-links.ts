import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OutsideProblem } from '#core';

/** The simulator knows which of its markets ask the same question; on the live venues a person reviews them. */
export async function writeLinks(dataDir: string, controlUrl: string): Promise<string> {
  const answer = await fetch(`${controlUrl}/control/pairs`);
  if (!answer.ok) throw new OutsideProblem(`the simulator answered ${answer.status} when asked for its pairs`, true);
  const file = join(dataDir, 'links.json');
  const text = `${JSON.stringify(await answer.json(), null, 2)}\n`;
  if (text !== current(file)) {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }
  return file;
}

function current(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Questions come and go: asks again every few seconds. Returns the function that ends it. */
export function keepLinks(dataDir: string, controlUrl: string): () => void {
  const timer = setInterval(() => {
    // A simulator that is being told to misbehave may not answer; the next round will.
    writeLinks(dataDir, controlUrl).catch(() => {});
  }, 5_000);
  return () => clearInterval(timer);
}
