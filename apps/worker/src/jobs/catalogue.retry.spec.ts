import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CatalogueRetry } from './catalogue.retry.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a catalogue that could not be read', () => {
  const setUp = () => {
    const asked: string[] = [];
    return {
      asked,
      retry: new CatalogueRetry(
        () => 1,
        (venue) => asked.push(venue),
      ),
    };
  };

  it('is read again after growing waits, up to a minute', () => {
    const { asked, retry } = setUp();
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      retry.failed('kalshi');
      vi.advanceTimersByTime(seconds * 1000 - 1);
      const before = asked.length;
      vi.advanceTimersByTime(1);
      expect(asked.length).toBe(before + 1);
    }
  });

  it('is asked for once, however often it fails meanwhile, each venue by itself', () => {
    const { asked, retry } = setUp();
    for (const venue of ['kalshi', 'kalshi', 'polymarket', 'kalshi']) retry.failed(venue);
    vi.advanceTimersByTime(5_000);
    expect(asked).toEqual(['kalshi', 'polymarket']);
  });

  it('is left alone once it was read, and begins with short waits the next time', () => {
    const { asked, retry } = setUp();
    retry.failed('kalshi');
    vi.advanceTimersByTime(5_000);
    retry.failed('kalshi');
    retry.worked('kalshi');
    vi.advanceTimersByTime(600_000);
    expect(asked).toEqual(['kalshi']);
    retry.failed('kalshi');
    vi.advanceTimersByTime(5_000);
    expect(asked.length).toBe(2);
    retry.failed('kalshi');
    retry.stop();
    vi.advanceTimersByTime(600_000);
    expect(asked.length).toBe(2);
  });
});
