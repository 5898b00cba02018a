import { createHash, type Hash } from 'node:crypto';
import { STREAMS, type StreamName } from '../layout/stream-tables.js';
import { columnAt, type Cell, type ColumnBlock } from './columns.js';

/** A digest of rows that does not depend on how they were cut into blocks, nor on the lane they lie in. */
export class RowDigest {
  private readonly hashes = new Map<StreamName, Hash>(STREAMS.map(({ name }) => [name, createHash('sha256')]));

  add(block: ColumnBlock): void {
    const lane = columnAt(block.stream, 'lane');
    let text = '';
    const row: Cell[] = [];
    for (let i = 0; i < block.rows; i++) {
      for (let j = 0; j < block.columns.length; j++) {
        const value = block.columns[j][i];
        row[j] = j === lane ? 0 : value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
      }
      text += `${JSON.stringify(row)}\n`;
    }
    this.hashes.get(block.stream)?.update(text);
  }

  hex(): string {
    const all = createHash('sha256');
    for (const [name, hash] of this.hashes) all.update(`${name} ${hash.digest('hex')}\n`);
    return all.digest('hex');
  }
}
