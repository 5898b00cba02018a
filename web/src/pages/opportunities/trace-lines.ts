import type { TraceQuery } from '../../generated/graphql';

export interface TraceLine {
  readonly key: string;
  readonly side: 'cause' | 'entry';
  readonly kind: string;
  readonly at: number;
  readonly seq: number;
  readonly summary: string;
  readonly tone: string;
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

/** Causes before the entries they led to: by `seq`, an event before what was written during it, then by ordinal. */
export function traceLines(trace: NonNullable<TraceQuery['trace']>): TraceLine[] {
  const causes = trace.causes.map((cause) => ({
    ordinal: -1,
    line: { ...cause, key: `event ${cause.seq}`, side: 'cause' as const, tone: 'faint' },
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
      body: entry.body,
    },
  }));
  return [...causes, ...entries]
    .sort((a, b) => a.line.seq - b.line.seq || a.ordinal - b.ordinal)
    .map(({ line }) => line);
}
