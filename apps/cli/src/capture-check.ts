import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatPrice, formatSize, UserProblem } from '#core';
import { readCapture } from '#engine';
import { venues } from '#plugins';
import type { VenuePlugin } from '#plugin-sdk';
import { readArguments } from './arguments.js';
import type { LostChange } from './capture-check.infer.js';
import { checkCapture, mirrored, type CaptureReport, type MarketReport } from './capture-check.run.js';

const USAGE = 'npm run capture:check -- --venue kalshi|polymarket FILE [--json OUT]';

/** `npm run capture:check`: plays captured frames through parse, book and continuity and prints what it found. */
export function captureCheck(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    argv,
    { venue: { type: 'string' }, json: { type: 'string' } },
    USAGE,
    true,
  );
  const plugin = (venues as readonly VenuePlugin[]).find((one) => one.manifest.id === values['venue']);
  const [file] = positionals;
  if (!plugin || !file) throw new UserProblem(`say the venue and one file: ${USAGE}`);
  let content: string;
  try {
    content = readFileSync(resolve(file), 'utf8');
  } catch (error) {
    throw new UserProblem(`${file} cannot be read: ${(error as Error).message}`);
  }
  const report = checkCapture(plugin, readCapture(content));
  const out = values['json'];
  if (typeof out === 'string') writeFileSync(resolve(out), `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${sentences(report).join('\n')}\n`);
  return Promise.resolve(0);
}

export function sentences(report: CaptureReport): string[] {
  const lines = [
    `${report.venue}: ${report.frames} frames, ${report.markets.length} markets, ${report.gaps} gaps, ${report.crossed} crossed books, ${report.unknown} unknown and ${report.rejected} rejected messages`,
  ];
  if (report.markets.length === 0)
    lines.push('  no frame of this file speaks of a market: it is no capture of the socket');
  for (const reason of report.reasons) lines.push(`  rejected: ${reason}`);
  for (const [stream, { first, last, count }] of Object.entries(report.sequences)) {
    const whole = last - first + 1 === count ? 'contiguous' : `${last - first + 1 - count} missing`;
    lines.push(`  sequence ${stream}: ${first}…${last}, ${count} frames, ${whole}`);
  }
  return [...lines, ...report.markets.flatMap(marketSentences)];
}

function marketSentences(one: MarketReport): string[] {
  const shown = (value: number | null): string => (value === null ? 'none' : formatPrice(value));
  const types = Object.entries(one.frames).map(([type, count]) => `${count} ${type}`);
  const lines = [
    `${one.market}`,
    `  ${types.join(', ')}; ${one.levels} levels, best bid ${shown(one.bestBid)}, best ask ${shown(one.bestAsk)}; ${one.trusted ? 'trusted' : 'not trusted'} at the end`,
  ];
  if (!one.trusted && one.spans.length === 0) lines.push('  the capture holds no whole book of it to begin with');
  if (one.hashPassed + one.hashFailed > 0) lines.push(`  hashes: ${one.hashPassed} passed, ${one.hashFailed} failed`);
  const found = Object.entries(one.found).map(([name, value]) => `${name} ${value}`);
  if (found.length > 0) lines.push(`  the file does not say, the hash shows: ${found.join(', ')}`);
  for (const span of one.spans) {
    const end = span.toFrame === null ? 'to the end' : `to frame ${span.toFrame}`;
    const by = span.restated.length > 0 ? `, ended by ${span.restated.join(', ')}` : '';
    lines.push(
      `  broken from frame ${span.fromFrame} ${end}: ${span.reason}${span.detail ? ` (${span.detail})` : ''}${by}`,
    );
    if (span.lost) lines.push(`  ${lostSentence(span.lost, one.tokens)}`);
  }
  return lines;
}

function lostSentence({ side, price, ours, theirs }: LostChange, tokens: readonly string[]): string {
  const ends = tokens.map((token) => `…${token.slice(-6)}`);
  const where =
    ends.length === 2
      ? `${side} ${formatPrice(price)} of token ${ends[0]}, which is ${mirrored(side, price)} of token ${ends[1]}`
      : `${side} ${formatPrice(price)}`;
  return `a level changed without a message: at ${where}, our book had ${formatSize(ours)} where the venue’s hashes show ${formatSize(theirs)}`;
}
