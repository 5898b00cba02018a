/** Green: every watched book is trusted. Amber: some are not, or the socket is being remade. Red: nothing comes in. */
export function feedTone(feed: {
  state: string;
  markets: number;
  trusted: number;
  problem: string | null;
}): 'yes' | 'amber' | 'no' | 'faint' {
  const state = feed.state.toLowerCase();
  if (['down', 'disconnected', 'offline', 'failed', 'lost', 'error', 'closed'].includes(state)) return 'no';
  if (['off', 'idle', 'disabled'].includes(state)) return 'faint';
  if (['connecting', 'reconnecting', 'resyncing', 'starting', 'degraded', 'stale', 'waiting'].includes(state))
    return 'amber';
  if (feed.markets === 0 || feed.problem) return 'amber';
  return feed.trusted < feed.markets ? (feed.trusted === 0 ? 'no' : 'amber') : 'yes';
}
