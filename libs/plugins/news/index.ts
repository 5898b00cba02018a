import type { NewsPlugin } from '#plugin-sdk';
import { bluesky } from './bluesky/bluesky.news.js';
import { rss } from './rss/rss.news.js';
import { webhook } from './webhook/webhook.news.js';

export { bluesky, rss, webhook };
export { FEEDS, type PublicFeed } from './feeds.js';
export const newsSources: readonly NewsPlugin[] = [rss, bluesky, webhook] as unknown as readonly NewsPlugin[];
