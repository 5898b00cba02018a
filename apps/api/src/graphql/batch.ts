/**
 * Collects the keys that resolvers ask for within one turn of the event loop and loads them with one query. Answers are
 * not kept: a subscription lives long and would show old rows.
 */
export function batched<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  let next: Promise<ReadonlyMap<string, Value>> | null = null;
  let keys = new Set<string>();
  return async (key) => {
    keys.add(key);
    next ??= new Promise<void>((go) => setImmediate(go)).then(() => {
      const asked = [...keys];
      keys = new Set();
      next = null;
      return load(asked);
    });
    return (await next).get(key);
  };
}
