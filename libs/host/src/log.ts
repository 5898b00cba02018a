/** JSON lines on stderr with ids. Libraries and plugins do not log; apps do, through this. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  child(fields: Readonly<Record<string, unknown>>): Log;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

const plain = (_key: string, value: unknown): unknown =>
  value instanceof Error
    ? { name: value.name, message: value.message, stack: value.stack, cause: value.cause }
    : typeof value === 'bigint'
      ? value.toString()
      : value;

export function createLog(
  level: Level,
  fields: Readonly<Record<string, unknown>> = {},
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const from = LEVELS.indexOf(level);
  const at =
    (name: Level) =>
    (message: string, more: Readonly<Record<string, unknown>> = {}): void => {
      if (LEVELS.indexOf(name) < from) return;
      write(`${JSON.stringify({ at: new Date().toISOString(), level: name, message, ...fields, ...more }, plain)}\n`);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (more) => createLog(level, { ...fields, ...more }, write),
  };
}
