import type { NewsSourceSetting } from '#data';
import type { Config } from '#host';
import { FEEDS } from '#plugins';
import { simulatedPrior } from './simulated-prior.js';

/** Sources a data folder begins with: the simulator's in the demo, else public ones, most of them switched off. */
export function firstSources(config: Pick<Config, 'mode' | 'news'>): readonly NewsSourceSetting[] {
  if (config.mode === 'demo') {
    const { feedUrl, streamUrl } = config.news;
    return [
      ...(feedUrl === null
        ? []
        : [simulated('simulator-feed', 'rss', 'Valdoria Wire (simulated)', { url: feedUrl, everySeconds: 2 })]),
      ...(streamUrl === null
        ? []
        : [
            simulated('simulator-social', 'bluesky', 'Simulated social stream', {
              url: streamUrl,
              authors: [],
              languages: ['en'],
              replies: false,
            }),
          ]),
    ];
  }
  return [
    ...FEEDS.map(({ id, title, category, url, everySeconds, on }) =>
      source(id, 'rss', title, category, { url, everySeconds }, on),
    ),
    source(
      'bluesky',
      'bluesky',
      'Bluesky firehose',
      'social',
      { url: 'wss://jetstream2.us-east.bsky.network/subscribe', authors: [], languages: ['en'], replies: false },
      false,
    ),
  ];
}

const simulated = (
  id: string,
  plugin: string,
  title: string,
  config: Readonly<Record<string, unknown>>,
): NewsSourceSetting => ({ ...source(id, plugin, title, 'world', config), prior: simulatedPrior(id) });

const source = (
  id: string,
  plugin: string,
  title: string,
  category: string,
  config: Readonly<Record<string, unknown>>,
  enabled = true,
): NewsSourceSetting => ({ id, plugin, title, category, config, enabled });
