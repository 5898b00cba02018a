import type { Instant } from '#core';
import type { RestOptions } from './venue.js';

/** What a plugin that speaks to the outside is handed; it has no other way out. Paced, and only to the hosts it may reach. */
export interface HandedIo<C> {
  readonly config: C;
  now(): Instant;
  /** Resolves to parsed JSON, or throws `OutsideProblem` with the status in `status`. */
  get(url: string, options?: RestOptions): Promise<unknown>;
  /** The body is sent as JSON, or as it is when it is text. */
  post(url: string, body: unknown, options?: RestOptions): Promise<unknown>;
  /** A secret by the name its config gives it; throws `UserProblem` when nobody stored one. Needs the permission `secrets`. */
  secret(name: string): Promise<string>;
}
