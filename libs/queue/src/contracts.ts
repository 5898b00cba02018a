/** What the live bus carries: pointers, never data. Whoever hears one reads the committed rows. */
export type BusMessage =
  | {
      readonly topic: 'lane';
      readonly lane: number;
      readonly fromSeq: number;
      readonly seq: number;
      readonly journal: number;
      readonly at: number;
    }
  | { readonly topic: 'inbox'; readonly lane: number }
  | { readonly topic: 'health'; readonly source: string }
  | { readonly topic: 'run'; readonly run: string }
  /** A rule or a delivery has changed. */
  | { readonly topic: 'notice' }
  /** Something was asked of the lane's state, or answered. */
  | { readonly topic: 'question'; readonly lane: number };

export interface LiveBus {
  publish(message: BusMessage): Promise<void>;
  /** Returns the unsubscribe function. Delivery is at most once; listeners catch up from rows. */
  subscribe(listener: (message: BusMessage) => void): () => void;
  close(): Promise<void>;
}

/** Where queue and bus run: Redis when there is one, else PostgreSQL. */
export interface QueueConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
}
