import {
  mdiBellOutline,
  mdiChartLine,
  mdiCogOutline,
  mdiDatabaseOutline,
  mdiHistory,
  mdiLinkVariant,
  mdiNewspaperVariantOutline,
  mdiPlayCircleOutline,
  mdiPuzzleOutline,
  mdiRadar,
  mdiServerOutline,
  mdiShieldOutline,
  mdiSitemapOutline,
  mdiTableCheck,
  mdiViewDashboardOutline,
  mdiWalletOutline,
} from '@mdi/js';

export interface Place {
  readonly to: string;
  readonly title: string;
  readonly icon: string;
  /** Goes there after `g`. */
  readonly key: string;
  /** What a person finds there, in one line. */
  readonly about: string;
}

export interface PlaceGroup {
  readonly title: string;
  readonly places: readonly Place[];
}

/** Every place of the desk, in the order of the road: what is heard, what it made, what decides, what carries it. */
export const PLACE_GROUPS: readonly PlaceGroup[] = [
  {
    title: 'Watch',
    places: [
      {
        to: '/',
        title: 'Overview',
        icon: mdiViewDashboardOutline,
        key: 'h',
        about: 'Money, opportunities, prices and feeds at a glance',
      },
      {
        to: '/markets',
        title: 'Markets',
        icon: mdiChartLine,
        key: 'm',
        about: 'Every question of both venues with its live price',
      },
      {
        to: '/links',
        title: 'Links',
        icon: mdiLinkVariant,
        key: 'l',
        about: 'Pairs of markets that ask the same; only reviewed ones trade',
      },
      {
        to: '/opportunities',
        title: 'Opportunities',
        icon: mdiRadar,
        key: 'o',
        about: 'Every moment that looked like money, and what became of it',
      },
      {
        to: '/news',
        title: 'News',
        icon: mdiNewspaperVariantOutline,
        key: 'n',
        about: 'Headlines read for the side they take on a market',
      },
    ],
  },
  {
    title: 'Money',
    places: [
      {
        to: '/portfolio',
        title: 'Portfolio',
        icon: mdiWalletOutline,
        key: 'p',
        about: 'Equity, positions and fills of the paper accounts',
      },
      {
        to: '/risk',
        title: 'Risk',
        icon: mdiShieldOutline,
        key: 'r',
        about: 'Limits, what is left of them, and what they refused',
      },
    ],
  },
  {
    title: 'Decide',
    places: [
      {
        to: '/workflows',
        title: 'Workflows',
        icon: mdiSitemapOutline,
        key: 'w',
        about: 'Strategies with their settings, markets and account',
      },
      {
        to: '/enablement',
        title: 'Enablement',
        icon: mdiTableCheck,
        key: 'e',
        about: 'Where each plugin may trade, only watch, or rests',
      },
      {
        to: '/plugins',
        title: 'Plugins',
        icon: mdiPuzzleOutline,
        key: 'u',
        about: 'The strategies, models, venues and sources there are',
      },
      {
        to: '/backtests',
        title: 'Backtests',
        icon: mdiHistory,
        key: 'b',
        about: 'What would have come of it on the recorded tape',
      },
    ],
  },
  {
    title: 'Operate',
    places: [
      {
        to: '/runs',
        title: 'Runs',
        icon: mdiPlayCircleOutline,
        key: 'j',
        about: 'Everything the workers do, and when',
      },
      {
        to: '/notices',
        title: 'Notices',
        icon: mdiBellOutline,
        key: 't',
        about: 'Who is told what, and whether it arrived',
      },
      {
        to: '/storage',
        title: 'Storage',
        icon: mdiDatabaseOutline,
        key: 's',
        about: 'What is kept of the tape, and for how long',
      },
      {
        to: '/system',
        title: 'System',
        icon: mdiServerOutline,
        key: 'y',
        about: 'Feeds, lanes, queues and the journal as it is written',
      },
      {
        to: '/settings',
        title: 'Settings',
        icon: mdiCogOutline,
        key: 'c',
        about: 'People, tokens, your password and the audit',
      },
    ],
  },
];

export const PLACES: readonly Place[] = PLACE_GROUPS.flatMap((group) => group.places);

/** Pages that lie below another one without its address beginning alike. */
const BELOW: Readonly<Record<string, string>> = { '/trace': '/opportunities' };

/** The place a path belongs to: itself or the one it lies below. */
export function placeOf(path: string): Place | undefined {
  const top = `/${path.split('/')[1] ?? ''}`;
  return PLACES.find(({ to }) => to === (BELOW[top] ?? top));
}
