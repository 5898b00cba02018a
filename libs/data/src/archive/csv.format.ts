import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserProblem } from '#core';
import type { StreamName } from '../layout/stream-tables.js';
import { archiveColumns, type ArchiveColumn, type Cell, type ColumnBlock } from './columns.js';

const ROWS_PER_BLOCK = 10_000;

/** One file per stream, a header line, RFC 4180 quoting, one line per row: line breaks within text are `\n` escaped as JSON. */
export class CsvStreamWriter {
  private constructor(private readonly file: FileHandle) {}

  static async open(folder: string, stream: StreamName): Promise<CsvStreamWriter> {
    const file = await open(join(folder, `${stream}.csv`), 'wx');
    // Not `write`: on a disk that is nearly full it takes a part and calls that done.
    await file.writeFile(
      `${archiveColumns(stream)
        .map(({ name }) => name)
        .join(',')}\n`,
    );
    return new CsvStreamWriter(file);
  }

  async write(block: ColumnBlock): Promise<void> {
    const plan = archiveColumns(block.stream);
    let text = '';
    for (let row = 0; row < block.rows; row++) {
      for (let i = 0; i < plan.length; i++) text += (i === 0 ? '' : ',') + cellText(plan[i], block.columns[i][row]);
      text += '\n';
    }
    await this.file.writeFile(text);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function cellText(column: ArchiveColumn, value: Cell): string {
  if (value === null) return '';
  switch (column.kind) {
    case 'text':
    case 'texts':
      // JSON keeps a row on its line and tells an empty text from none.
      return `"${JSON.stringify(value).replaceAll('"', '""')}"`;
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return String(value);
  }
}

export async function* readCsv(folder: string, stream: StreamName): AsyncGenerator<ColumnBlock> {
  const plan = archiveColumns(stream);
  const path = join(folder, `${stream}.csv`);
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  let number = 0;
  let columns: Cell[][] = plan.map(() => []);
  for await (const line of lines) {
    number++;
    if (number === 1) {
      const expected = plan.map(({ name }) => name).join(',');
      if (line !== expected) throw new UserProblem(`${path}:1: the columns must be ${expected}`);
      continue;
    }
    const fields = csvFields(line);
    if (fields.length !== plan.length)
      throw new UserProblem(`${path}:${number}: ${fields.length} fields where ${plan.length} were expected`);
    for (let i = 0; i < plan.length; i++) {
      const value = cellOf(plan[i], fields[i]);
      if (value === undefined)
        throw new UserProblem(
          `${path}:${number}: ${plan[i].name} is ${JSON.stringify(fields[i])}, which is no ${plan[i].kind}`,
        );
      columns[i].push(value);
    }
    if (columns[0].length >= ROWS_PER_BLOCK) {
      yield { stream, rows: columns[0].length, columns };
      columns = plan.map(() => []);
    }
  }
  if (columns[0].length > 0) yield { stream, rows: columns[0].length, columns };
}

/** Fields of one line, quotes taken off. */
function csvFields(line: string): string[] {
  const fields: string[] = [];
  for (let n = 0; n <= line.length;) {
    if (line[n] !== '"') {
      const end = line.indexOf(',', n);
      fields.push(line.slice(n, end < 0 ? undefined : end));
      if (end < 0) break;
      n = end + 1;
      continue;
    }
    let text = '';
    for (n++; ;) {
      const quote = line.indexOf('"', n);
      if (quote < 0) return [];
      text += line.slice(n, quote);
      n = quote + 1;
      if (line[n] !== '"') break;
      text += '"';
      n++;
    }
    fields.push(text);
    if (n >= line.length) break;
    if (line[n] !== ',') return [];
    n++;
  }
  return fields;
}

/** `undefined`: it is not one. */
function cellOf(column: ArchiveColumn, text: string): Cell | undefined {
  if (text === '' && column.kind !== 'bytes') return column.nullable ? null : undefined;
  switch (column.kind) {
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'bytes':
      return Buffer.from(text, 'base64');
    case 'text':
    case 'texts': {
      const value = json(text);
      const fits =
        column.kind === 'text'
          ? typeof value === 'string'
          : Array.isArray(value) && value.every((each) => typeof each === 'string');
      return fits ? (value as Cell) : undefined;
    }
    case 'float64':
      return /^-?(\d|Infinity|NaN)/.test(text) ? Number(text) : undefined;
    default: {
      const value = Number(text);
      return Number.isSafeInteger(value) && /^-?\d+$/.test(text) ? value : undefined;
    }
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
