import { describe, expect, it } from 'vitest';
import type { InboxItem } from '#data';
import { createLog } from '#host';
import { InboxReader } from './inbox.reader.js';
import type { Lane } from './lane.js';

type Rows = Awaited<ReturnType<InboxReaderInbox['pending']>>;
type InboxReaderInbox = ConstructorParameters<typeof InboxReader>[0]['inbox'];

const row = (id: string): InboxItem & { position: number } => ({
  id,
  position: 1,
  lane: 1,
  kind: 'act',
  by: 'Ada',
  body: { kind: 'act', id, by: 'Ada', act: { kind: 'reset-halt', account: 'main' } },
});

/** A reader whose look at the inbox is answered when the test says so, with what the database knew when it began. */
function slowInbox() {
  const brought: string[] = [];
  const looks: ((rows: Rows) => void)[] = [];
  let nudge = (): void => undefined;
  const reader = new InboxReader({
    lane: 1,
    inbox: { pending: () => new Promise<Rows>((answer) => looks.push(answer)) } as unknown as InboxReaderInbox,
    bus: {
      publish: async () => undefined,
      subscribe: (hear) => ((nudge = () => hear({ topic: 'inbox', lane: 1 })), () => undefined),
      close: async () => undefined,
    },
    intake: {} as never,
    tape: { answering: (id: string) => void brought.push(id) } as unknown as Lane,
    now: () => 0,
    log: createLog('error', {}, () => undefined),
    pollMs: 3_600_000,
    broken: () => undefined,
  });
  reader.start();
  const answer = async (...rows: Rows): Promise<void> => {
    looks.shift()?.(rows);
    for (let turns = 0; turns < 5; turns++) await Promise.resolve();
  };
  return { reader, brought, answer, look: () => nudge() };
}

describe('the inbox reader', () => {
  it('brings a row once though it was committed while the inbox was being read', async () => {
    const { reader, brought, answer, look } = slowInbox();
    await answer(row('a'));
    look();
    // The look began before the commit, so what it sees still has the row unanswered.
    reader.committed([{ id: 'a' }]);
    await answer(row('a'), row('b'));
    expect(brought).toEqual(['a', 'b']);
    reader.stop();
  });
});
