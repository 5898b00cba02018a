import { Type } from 'typebox';
import * as core from '#core';
import * as quant from '#quant';
import { defineEnricher, type EnricherPlugin } from './enricher.js';
import { SDK_VERSION } from './manifest.js';
import { defineModel, type ModelPlugin } from './model.js';
import { defineNews, type NewsPlugin } from './news.js';
import { defineNotifier, type NotifierPlugin } from './notifier.js';
import { defineStrategy, type StrategyPlugin } from './strategy.js';
import { defineVenue, type VenuePlugin } from './venue.js';

/** A plugin of any kind. */
export type Plugin = VenuePlugin | NewsPlugin | EnricherPlugin | ModelPlugin | StrategyPlugin | NotifierPlugin;

/**
 * The public contract as one value. A plugin from outside exports a function that is handed it, so that its folder needs no
 * package of its own and can lie anywhere:
 *
 *     export default ({ defineStrategy, Type, core }) => defineStrategy({ manifest: …, configSchema: Type.Object({ … }), … });
 */
export const sdk = Object.freeze({
  version: SDK_VERSION,
  Type,
  core,
  quant,
  defineVenue,
  defineNews,
  defineEnricher,
  defineModel,
  defineStrategy,
  defineNotifier,
});
export type Sdk = typeof sdk;

/** What the entry file of a plugin folder exports by default. */
export type PluginFactory = (sdk: Sdk) => Plugin;
