declare const id: unique symbol;
type Id<Name extends string> = string & { readonly [id]: Name };

/** `venue:native`, for example `kalshi:KXFED-26DEC-T4.00` or `polymarket:0x5f…` (the condition id). */
export type MarketId = Id<'market'>;
/** `venue:native` of the venue's event (election, game, neg-risk set). */
export type GroupId = Id<'group'>;
export type VenueId = Id<'venue'>;
export type LinkId = Id<'link'>;
export type AccountId = Id<'account'>;
export type WorkflowId = Id<'workflow'>;
export type PluginId = Id<'plugin'>;
/** `workflow#version`: one workflow at one version of its record, pinned to one plugin version. */
export type SessionId = Id<'session'>;
/** Dense number of a market within a lane, given by its first `market` event. Hot paths use it instead of the id. */
export type MarketRef = number & { readonly [id]: 'ref' };

export const venueId = (value: string): VenueId => value as VenueId;
export const marketId = (venue: string, native: string): MarketId => `${venue}:${native}` as MarketId;
export const groupId = (venue: string, native: string): GroupId => `${venue}:${native}` as GroupId;
export const venueOf = (market: MarketId | GroupId): VenueId => market.slice(0, market.indexOf(':')) as VenueId;
export const nativeOf = (market: MarketId | GroupId): string => market.slice(market.indexOf(':') + 1);
