import type { NewsPlugin } from '#plugin-sdk';
import { bluesky } from './bluesky/bluesky.news.js';
import { rss } from './rss/rss.news.js';
import { newsWebhook } from './webhook/webhook.news.js';

export { bluesky, rss, newsWebhook };
export { FEEDS, type PublicFeed } from './feeds.js';
export const newsSources: readonly NewsPlugin[] = [rss, bluesky, newsWebhook] as unknown as readonly NewsPlugin[];
