/** What the journal can tell, in the order of an order's life. */
export const JOURNAL_KINDS: readonly string[] = [
  'signal',
  'denial',
  'order',
  'fill',
  'group-state',
  'settlement',
  'opportunity',
  'account-state',
  'cash',
  'session',
  'integrity',
];
