/** A public feed one may like to hear, as data: offered on the page, changed and added to by people. */
export interface PublicFeed {
  readonly id: string;
  readonly title: string;
  readonly category: 'world' | 'politics' | 'economics' | 'crypto' | 'sports' | 'science' | 'weather' | 'technology';
  readonly url: string;
  readonly everySeconds: number;
  /** Heard from the first start on; the others wait to be switched on. */
  readonly on: boolean;
}

const feed = (
  id: string,
  title: string,
  category: PublicFeed['category'],
  url: string,
  everySeconds = 120,
  on = false,
): PublicFeed => ({ id, title, category, url, everySeconds, on });

/** Addresses as their publishers gave them in autumn 2026; none asks for a key. */
export const FEEDS: readonly PublicFeed[] = [
  feed('bbc-world', 'BBC News · World', 'world', 'https://feeds.bbci.co.uk/news/world/rss.xml', 120, true),
  feed('guardian-world', 'The Guardian · World', 'world', 'https://www.theguardian.com/world/rss'),
  feed('aljazeera', 'Al Jazeera', 'world', 'https://www.aljazeera.com/xml/rss/all.xml'),
  feed('un-news', 'UN News', 'world', 'https://news.un.org/feed/subscribe/en/news/all/rss.xml', 600),
  feed('npr-politics', 'NPR · Politics', 'politics', 'https://feeds.npr.org/1014/rss.xml', 180, true),
  feed('politico', 'Politico · Politics', 'politics', 'https://rss.politico.com/politics-news.xml'),
  feed('the-hill', 'The Hill', 'politics', 'https://thehill.com/feed/'),
  feed('bbc-politics', 'BBC News · UK politics', 'politics', 'https://feeds.bbci.co.uk/news/politics/rss.xml'),
  feed('scotusblog', 'SCOTUSblog', 'politics', 'https://www.scotusblog.com/feed/', 600),
  feed(
    'fed-press',
    'Federal Reserve · Press releases',
    'economics',
    'https://www.federalreserve.gov/feeds/press_all.xml',
    60,
    true,
  ),
  feed('ecb-press', 'European Central Bank · Press', 'economics', 'https://www.ecb.europa.eu/rss/press.html', 120),
  feed('bls', 'US Bureau of Labor Statistics', 'economics', 'https://www.bls.gov/feed/bls_latest.rss', 120),
  feed('cnbc-economy', 'CNBC · Economy', 'economics', 'https://www.cnbc.com/id/20910258/device/rss/rss.html'),
  feed(
    'marketwatch',
    'MarketWatch · Top stories',
    'economics',
    'https://feeds.content.dowjones.io/public/rss/mw_topstories',
  ),
  feed('coindesk', 'CoinDesk', 'crypto', 'https://www.coindesk.com/arc/outboundfeeds/rss/', 120, true),
  feed('cointelegraph', 'Cointelegraph', 'crypto', 'https://cointelegraph.com/rss'),
  feed('espn', 'ESPN · Top headlines', 'sports', 'https://www.espn.com/espn/rss/news', 120, true),
  feed('bbc-sport', 'BBC Sport', 'sports', 'https://feeds.bbci.co.uk/sport/rss.xml'),
  feed(
    'nhc-atlantic',
    'US National Hurricane Center · Atlantic',
    'weather',
    'https://www.nhc.noaa.gov/index-at.xml',
    300,
  ),
  feed(
    'usgs-quakes',
    'USGS · Significant earthquakes',
    'science',
    'https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/significant_week.atom',
    300,
  ),
  feed('nasa', 'NASA · News releases', 'science', 'https://www.nasa.gov/news-release/feed/', 600),
  feed('ars-technica', 'Ars Technica', 'technology', 'https://feeds.arstechnica.com/arstechnica/index', 300),
  feed('hacker-news', 'Hacker News · Front page', 'technology', 'https://hnrss.org/frontpage', 300),
];
