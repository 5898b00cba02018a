import type { NamedMarket } from '../../format';
import type { TraceFieldsFragment } from '../../generated/graphql';

/** The part of the story a line belongs to, in the order of the road. */
export type Stage = 'heard' | 'decided' | 'done' | 'settled';

export interface TraceLine {
  readonly key: string;
  readonly side: 'cause' | 'entry';
  readonly kind: string;
  readonly at: number;
  readonly seq: number;
  readonly summary: string;
  readonly tone: string;
  readonly stage: Stage;
  readonly markets: readonly NamedMarket[];
  readonly body: unknown;
}

const tones: Readonly<Record<string, string>> = {
  signal: 'accent',
  denial: 'denied',
  order: 'muted',
  fill: 'accepted',
  settlement: 'accepted',
  'group-state': 'warning',
  opportunity: 'accent',
};

const stages: Readonly<Record<string, Stage>> = {
  order: 'done',
  fill: 'done',
  'group-state': 'done',
  settlement: 'settled',
};

/** Causes before the entries they led to: by `seq`, an event before what was written during it, then by ordinal. */
export function traceLines(trace: TraceFieldsFragment): TraceLine[] {
  const causes = trace.causes.map((cause) => ({
    ordinal: -1,
    line: {
      key: `event ${cause.seq}`,
      side: 'cause' as const,
      kind: cause.kind,
      at: cause.at,
      seq: cause.seq,
      summary: cause.summary,
      tone: 'faint',
      stage: 'heard' as const,
      markets: cause.market ? [cause.market] : [],
      body: cause.body,
    },
  }));
  const entries = trace.entries.map((entry) => ({
    ordinal: entry.ordinal,
    line: {
      key: `entry ${entry.id}`,
      side: 'entry' as const,
      kind: entry.kind,
      at: entry.at,
      seq: entry.seq,
      summary: entry.summary,
      tone: tones[entry.kind] ?? 'muted',
      stage: stages[entry.kind] ?? ('decided' as const),
      markets: entry.markets,
      body: entry.body,
    },
  }));
  return [...causes, ...entries]
    .sort((a, b) => a.line.seq - b.line.seq || a.ordinal - b.ordinal)
    .map(({ line }) => line);
}
