import { performance } from 'node:perf_hooks';
import { OutsideProblem } from '#core';
import type { ApiWorld } from './api.world.js';
import { Samples } from './samples.js';

interface Question {
  readonly name: string;
  readonly query: string;
  /** A new one each time, so that nothing is answered from a memory of the last. */
  readonly variables: (turn: number) => Readonly<Record<string, unknown>>;
}

const MARKET =
  'id title venue category status quote { bid ask bidSize askSize at trusted } links { id a { id title } b { id title } }';
const ENTRY = 'id at kind workflow summary markets { id title } body';

/** What the pages ask most, as they ask it. */
const questions = ({ markets, signal, headSeq }: ApiWorld): readonly Question[] => [
  {
    name: 'markets, a page of 50 by words',
    query: `query ($text: String) { markets(first: 50, text: $text) { total items { ${MARKET} } } }`,
    variables: (turn) => ({ text: turn % 4 === 0 ? `question ${turn % 1_000}` : null }),
  },
  {
    name: 'one market with its links',
    query: `query ($id: ID!) { market(id: $id) { ${MARKET} } }`,
    variables: (turn) => ({ id: markets[(turn * 7) % markets.length] }),
  },
  {
    name: 'journal, the newest 80',
    query: `query ($kinds: [String!]) { journal(first: 80, kinds: $kinds) { items { ${ENTRY} } } }`,
    variables: (turn) => ({ kinds: [null, ['denial'], ['fill', 'denial']][turn % 3] }),
  },
  {
    name: 'journal, the newest 80 of a rare kind',
    query: `query ($kinds: [String!]) { journal(first: 80, kinds: $kinds) { items { ${ENTRY} } } }`,
    variables: () => ({ kinds: ['account-state'] }),
  },
  {
    name: 'journal, the newest 50 fills of a market',
    query: `query ($market: ID!) { journal(first: 50, kinds: ["fill"], market: $market) { items { ${ENTRY} } } }`,
    variables: (turn) => ({ market: markets[(turn * 11) % markets.length] }),
  },
  {
    name: 'opportunities, a page of 50',
    query: `query ($verdict: String) { opportunities(first: 50, verdict: $verdict) { total items { id verdict bestNet markets updatedAt lockedIn realised } } }`,
    variables: (turn) => ({ verdict: [null, 'accepted', 'denied'][turn % 3] }),
  },
  {
    name: 'the trace of a signal',
    query: `query ($id: ID!) { trace(signalId: $id) { signalId entries { ${ENTRY} } causes { seq kind summary } } }`,
    variables: (turn) => {
      const seq = Math.max(5, headSeq - ((turn * 1_009) % headSeq));
      return { id: turn % 2 === 0 ? signal : `S${seq - (seq % 5)}.0` };
    },
  },
];

export interface QueryRate {
  readonly perS: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly answers: number;
}

/** Each question by itself, as many clients at once as told, each asking again as soon as it is answered. */
export async function askAll(
  url: string,
  world: ApiWorld,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
  going: () => void,
): Promise<Readonly<Record<string, QueryRate>>> {
  const rates: Record<string, QueryRate> = {};
  for (const { name, query, variables } of questions(world)) {
    const ask = async (turn: number): Promise<void> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${world.token}` },
        body: JSON.stringify({ query, variables: variables(turn) }),
      });
      const answer = (await response.json()) as { errors?: { message: string }[] };
      if (answer.errors) throw new OutsideProblem(`${name}: ${answer.errors[0].message}`, false);
    };
    going();
    for (let turn = 0; turn < 12; turn++) await ask(turn);
    const samples = new Samples(1 << 18);
    const began = performance.now();
    const until = began + seconds * 1_000;
    let turn = 0;
    let answers = 0;
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() < until) {
          const from = performance.now();
          await ask(turn++);
          samples.add(performance.now() - from);
          answers += 1;
        }
      }),
    );
    const { p50, p99 } = samples.p50p99;
    const took = (performance.now() - began) / 1_000;
    rates[name] = { perS: Number((answers / took).toPrecision(4)), p50Ms: p50, p99Ms: p99, answers };
    process.stderr.write(`  ${name}: ${rates[name].perS}/s, p99 ${p99} ms\n`);
  }
  return rates;
}
