/** What a strategy may do, least first. */
const LADDER = ['off', 'shadow', 'paper'];
const NAMES: Readonly<Record<string, string>> = { paper: 'on', shadow: 'in shadow', off: 'off' };

/** Lowering is done at a click and can be taken back; what lets new orders leave is asked about first. */
export const startsTrading = (from: string, to: string): boolean => to === 'paper' && from !== 'paper';
export const isLower = (from: string, to: string): boolean => LADDER.indexOf(to) < LADDER.indexOf(from);

/** What a workflow's new mode did, in a sentence for who clicked. */
export function modeDone(title: string, from: string, to: string): string {
  const now = `${title} is now ${NAMES[to] ?? to}`;
  if (from === 'paper' && to !== 'paper')
    return `${now}: its resting orders are cancelled, hedges are finished, what it holds stays until it settles${
      to === 'shadow' ? '; it goes on deciding, and orders nothing' : ''
    }`;
  if (to === 'shadow') return `${now}: it decides and records, and orders nothing`;
  if (to === 'off') return `${now}: it decides nothing more`;
  return `${now} and trades on paper`;
}
