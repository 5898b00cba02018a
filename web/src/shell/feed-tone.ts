/** Green: every watched book is trusted. Amber: some are not, or the socket is being remade. Red: nothing comes in. */
export function feedTone(feed: {
  state: string;
  markets: number;
  trusted: number;
  problem: string | null;
}): 'yes' | 'warning' | 'no' | 'faint' {
  const state = feed.state.toLowerCase();
  if (['down', 'disconnected', 'offline', 'failed', 'lost', 'error', 'closed'].includes(state)) return 'no';
  if (['off', 'idle', 'disabled'].includes(state)) return 'faint';
  if (['connecting', 'reconnecting', 'resyncing', 'starting', 'degraded', 'stale', 'waiting'].includes(state))
    return 'warning';
  if (feed.markets === 0 || feed.problem) return 'warning';
  return feed.trusted < feed.markets ? (feed.trusted === 0 ? 'no' : 'warning') : 'yes';
}
