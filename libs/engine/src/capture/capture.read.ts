import { UserProblem } from '#core';

export interface CapturedFrame {
  readonly text: string;
  /** Line of the file it stands on, from 1. */
  readonly line: number;
  /** When it was received, ms, or what the venue says of when it sent it; made up in steps of 1 where nothing does. */
  readonly at: number;
}

/** One frame a line, raw or as `{received_ms, frame}`; a file that is one JSON value over several lines is one frame. */
export function readCapture(content: string): CapturedFrame[] {
  const trimmed = content.trim();
  if (trimmed === '') throw new UserProblem('the capture is empty');
  const lines = content.split('\n').flatMap((text, index) => (text.trim() === '' ? [] : [{ text, line: index + 1 }]));
  const whole = lines.length > 1 && parsed(trimmed) !== undefined;
  let at = 0;
  return (whole ? [{ text: trimmed, line: 1 }] : lines).map(({ text, line }) => {
    const frame = unwrap(text.trim());
    at = Math.max(at + 1, frame.at ?? 0);
    return { text: frame.text, line, at };
  });
}

/** The objects a frame holds, for counting what the venue calls them; empty for text that is not JSON. */
export function entriesOf(frame: CapturedFrame): readonly Readonly<Record<string, unknown>>[] {
  const body = parsed(frame.text);
  return (Array.isArray(body) ? (body as unknown[]) : [body]).filter(isObject);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function unwrap(line: string): { readonly text: string; readonly at: number | null } {
  const body = parsed(line);
  if (!isObject(body) || !('frame' in body && 'received_ms' in body)) {
    // A frame of several entries was sent no earlier than its newest.
    const told = (Array.isArray(body) ? (body as unknown[]) : [body]).filter(isObject);
    const times = told.map((entry) => Number(entry['timestamp'] ?? NaN)).filter(Number.isFinite);
    return { text: line, at: times.length === 0 ? null : Math.max(...times) };
  }
  const at = Number(body['received_ms']);
  const { frame } = body;
  return { text: typeof frame === 'string' ? frame : JSON.stringify(frame), at: Number.isFinite(at) ? at : null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
