import type { FeedRow, LaneRow } from '#data';
import type { Feed, LaneHealth } from './system.types.js';

/** A worker reports once a second; after this long it is silent. */
export const SILENT_AFTER_MS = 5_000;

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const whole = (value: unknown): number => Math.trunc(number(value));
const instant = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : null;

const silence = (at: number, now: number): string =>
  at <= 0 ? 'The worker has not reported yet.' : `The worker has not reported for ${Math.round((now - at) / 1000)} s.`;

/** What a lane's worker says of itself, unless it has gone silent: then that is what is said. */
export function laneView(row: Omit<LaneRow, 'imported'>, now: number): LaneHealth {
  const said = row.health;
  const reportedAt = instant(said['at']) ?? row.headAt;
  const silent = now - reportedAt > SILENT_AFTER_MS;
  return {
    lane: row.id,
    owner: row.owner,
    epoch: row.epoch,
    state: silent && said['state'] !== 'stopped' ? 'silent' : text(said['state']) || 'starting',
    seq: number(said['seq']) || row.headSeq,
    at: reportedAt > 0 ? reportedAt : null,
    headSeq: row.headSeq,
    commitLagMs: number(said['commitLagMs']),
    recording: row.recording && !silent,
    eventsPerS: silent ? 0 : number(said['eventsPerS']),
    rowsPerS: silent ? 0 : number(said['rowsPerS']),
    decisionP50Us: numberOrNull(said['decisionP50Us']),
    decisionP99Us: numberOrNull(said['decisionP99Us']),
    problem: silent ? silence(reportedAt, now) : textOrNull(said['problem']),
  };
}

export function feedView(row: FeedRow, now: number): Feed {
  const said = row.body;
  const silent = now - row.at > SILENT_AFTER_MS;
  return {
    venue: row.venue,
    how: text(said['how']),
    sentence: text(said['sentence']),
    state: silent ? 'silent' : text(said['state']),
    connections: silent ? 0 : whole(said['connections']),
    markets: whole(said['markets']),
    trusted: silent ? 0 : whole(said['trusted']),
    frames: number(said['frames']),
    framesPerS: silent ? 0 : number(said['framesPerS']),
    events: number(said['events']),
    unknown: number(said['unknown']),
    rejected: number(said['rejected']),
    gaps: whole(said['gaps']),
    resyncs: whole(said['resyncs']),
    lastFrameAt: instant(said['lastFrameAt']),
    lagMs: numberOrNull(said['lagMs']),
    problem: silent ? silence(row.at, now) : textOrNull(said['problem']),
  };
}
