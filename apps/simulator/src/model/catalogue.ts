import type { GroupDef, QuestionDef, Venue } from './question.types.js';

/** The invented world the simulator trades in. Names are made up; no real person, team or instrument is meant. */
const BOTH: readonly Venue[] = ['kalshi', 'polymarket'];
const MINUTE = 60_000;

export const GROUPS: readonly GroupDef[] = [
  {
    key: 'valdoria',
    title: 'Valdoria presidential election winner',
    exclusive: true,
    augmented: false,
    category: 'politics',
    hidden: null,
  },
  {
    key: 'rate',
    title: 'Meridian central bank decision in June',
    exclusive: true,
    augmented: false,
    category: 'economics',
    hidden: null,
  },
  {
    key: 'film',
    title: 'Golden Lantern award: best film',
    exclusive: true,
    augmented: true,
    category: 'culture',
    hidden: Math.log(0.06),
  },
  { key: 'derby', title: 'Harbour derby', exclusive: true, augmented: false, category: 'sports', hidden: null },
  {
    key: 'sprint',
    title: 'Lantern sprint winner',
    exclusive: true,
    augmented: false,
    category: 'sports',
    hidden: null,
  },
  {
    key: 'heat',
    title: 'Highest temperature in Port Ellin this month',
    exclusive: false,
    augmented: false,
    category: 'weather',
    hidden: null,
  },
];

const steady = { volatility: 0.05, newsPerMinute: 0.05, venues: BOTH } as const;

export const QUESTIONS: readonly QuestionDef[] = [
  // Exclusive and exhaustive: somebody named wins.
  ...(
    [
      ['valdoria-ordan', 'Mira Ordan', 0.46],
      ['valdoria-tesk', 'Joren Tesk', 0.37],
      ['valdoria-hale', 'Ansel Hale', 0.17],
    ] as const
  ).map(([key, name, base]): QuestionDef => ({
    ...steady,
    key,
    title: `Will ${name} win the Valdoria presidential election?`,
    yes: name,
    no: `Not ${name}`,
    rules: `Resolves to Yes if ${name} is declared the winner of the next Valdoria presidential election by the national electoral office. Exactly one of the three registered candidates can win.`,
    category: 'politics',
    base,
    group: 'valdoria',
    depth: key === 'valdoria-tesk' ? 12 : 1,
  })),
  ...(
    [
      ['rate-hold', 'No change', 0.52],
      ['rate-cut25', 'Cut of 25 basis points', 0.27],
      ['rate-cut50', 'Cut of 50 basis points or more', 0.12],
      ['rate-hike', 'Any increase', 0.09],
    ] as const
  ).map(([key, name, base]): QuestionDef => ({
    ...steady,
    key,
    title: `Meridian central bank in June: ${name.toLowerCase()}?`,
    yes: name,
    no: `Not: ${name.toLowerCase()}`,
    rules: `Resolves to Yes if the Meridian central bank's June statement announces: ${name.toLowerCase()}. Every possible decision is covered by exactly one of the four markets.`,
    category: 'economics',
    base,
    group: 'rate',
    depth: key === 'rate-hold' ? 30 : 1,
  })),
  // Augmented: an outcome nobody named may win.
  ...(
    [
      ['film-tide', 'The Slow Tide', 0.34],
      ['film-glass', 'Glass Orchard', 0.26],
      ['film-ninth', 'The Ninth Ferry', 0.16],
      ['film-echo', 'Echo Division', 0.08],
    ] as const
  ).map(([key, name, base]): QuestionDef => ({
    ...steady,
    key,
    title: `Will "${name}" win the Golden Lantern for best film?`,
    yes: name,
    no: `Not "${name}"`,
    rules: `Resolves to Yes if "${name}" wins the Golden Lantern for best film. Further films may be nominated later.`,
    category: 'culture',
    base,
    group: 'film',
    subCent: key === 'film-echo' ? BOTH : [],
  })),
  {
    ...steady,
    key: 'film-other',
    title: 'Will another film win the Golden Lantern for best film?',
    yes: 'Other',
    no: 'A named film',
    rules: 'Resolves to Yes if a film without a market of its own wins. Films that are named later leave this outcome.',
    category: 'culture',
    base: 0.1,
    group: 'film',
    venues: ['polymarket'],
    other: true,
  },
  // One game: two markets at Kalshi, one at Polymarket whose first outcome is the other team (inverse polarity).
  {
    ...steady,
    key: 'derby-herons',
    title: 'Harbour derby: will the Herons beat the Otters?',
    yes: 'Herons',
    no: 'Otters',
    rules: 'Resolves to the team that wins the Harbour derby. There is no draw: the derby goes to penalties.',
    category: 'sports',
    base: 0.58,
    group: 'derby',
    inverseAtPolymarket: true,
    volatility: 0.08,
  },
  {
    ...steady,
    key: 'derby-otters',
    title: 'Harbour derby: will the Otters beat the Herons?',
    yes: 'Otters',
    no: 'Herons',
    rules: 'Resolves to Yes if the Otters win the Harbour derby. There is no draw: the derby goes to penalties.',
    category: 'sports',
    base: 0.42,
    group: 'derby',
    venues: ['kalshi'],
    volatility: 0.08,
  },
  // Singles.
  {
    ...steady,
    key: 'harbour-bill',
    title: 'Will the Harbour Bridge bill pass this session?',
    yes: 'Yes',
    no: 'No',
    rules:
      'Resolves to Yes if the Harbour Bridge bill is signed into law before the session of the Valdoria assembly ends.',
    category: 'politics',
    base: 0.41,
  },
  {
    ...steady,
    key: 'truce',
    title: 'Will the Kestrel Strait truce hold through the winter?',
    yes: 'Yes',
    no: 'No',
    rules:
      'Resolves to Yes if no breach of the Kestrel Strait truce is confirmed by the observer mission before 1 March.',
    category: 'geopolitics',
    base: 0.63,
    newsPerMinute: 0.12,
  },
  {
    ...steady,
    key: 'inflation',
    title: 'Will Meridian inflation be above 3 percent in May?',
    yes: 'Above 3%',
    no: '3% or below',
    rules:
      'Resolves to Yes if the first release of May inflation by the Meridian statistics office is above 3.0 percent.',
    category: 'economics',
    base: 0.55,
  },
  {
    ...steady,
    key: 'storm',
    title: 'Will a named storm reach Port Ellin this month?',
    yes: 'Yes',
    no: 'No',
    rules: 'Resolves to Yes if the weather service reports the centre of a named storm within 50 km of Port Ellin.',
    category: 'weather',
    base: 0.035,
    subCent: BOTH,
  },
  {
    ...steady,
    key: 'coin-top',
    title: 'Will the lumen coin set a new high this year?',
    yes: 'Yes',
    no: 'No',
    rules: 'Resolves to Yes if the reference price of the lumen coin exceeds its all-time high before the year ends.',
    category: 'crypto',
    base: 0.3,
    volatility: 0.1,
  },
  // At one venue only.
  {
    ...steady,
    key: 'coalition',
    title: 'Will the Valdoria coalition survive the vote?',
    yes: 'Yes',
    no: 'No',
    rules: 'Resolves to Yes if the government wins the confidence vote.',
    category: 'politics',
    base: 0.7,
    venues: ['polymarket'],
  },
  {
    ...steady,
    key: 'album',
    title: 'Will the Night Ferries release an album by spring?',
    yes: 'Yes',
    no: 'No',
    rules: 'Resolves to Yes if a new studio album by the Night Ferries can be streamed before 1 April.',
    category: 'culture',
    base: 0.48,
    venues: ['polymarket'],
  },
  {
    ...steady,
    key: 'rain',
    title: 'Will Port Ellin see more than 80 mm of rain this month?',
    yes: 'More than 80 mm',
    no: '80 mm or less',
    rules: 'Resolves to Yes if the station at Port Ellin harbour reports more than 80.0 mm for the month.',
    category: 'weather',
    base: 0.37,
    venues: ['kalshi'],
  },
  {
    ...steady,
    key: 'payrolls',
    title: 'Will Meridian payrolls grow by more than 120,000?',
    yes: 'Above 120,000',
    no: '120,000 or fewer',
    rules: 'Resolves to Yes if the first release of the month shows growth above 120,000.',
    category: 'economics',
    base: 0.51,
    venues: ['kalshi'],
  },
  // Asked again every few minutes; these settle while one watches.
  ...(
    [
      ['lumen-updown', 'Lumen coin', 4 * MINUTE, 0.06],
      ['ember-updown', 'Ember coin', 5 * MINUTE, 0.06],
      ['globe-updown', 'Globe index', 6 * MINUTE, 0.1],
    ] as const
  ).map(([key, name, periodMs, tieChance]): QuestionDef => ({
    key,
    title: `${name} up or down`,
    yes: 'Up',
    no: 'Down',
    rules: `Resolves to Up if the reference price of the ${name.toLowerCase()} at the end of the round is above the price at its start, to Down if it is below. If the reference cannot be read, the market resolves 50-50.`,
    category: 'crypto',
    base: 0.5,
    volatility: 1,
    newsPerMinute: 0,
    venues: BOTH,
    periodMs,
    tieChance,
  })),
  ...(['Amber', 'Birch', 'Cobalt'] as const).map((name): QuestionDef => ({
    key: `sprint-${name.toLowerCase()}`,
    title: `Lantern sprint: will lane ${name} win?`,
    yes: name,
    no: `Not ${name}`,
    rules: `Resolves to Yes if lane ${name} wins the round. Exactly one of the three lanes wins.`,
    category: 'sports',
    base: 1 / 3,
    volatility: 1,
    newsPerMinute: 0,
    venues: BOTH,
    group: 'sprint',
    periodMs: 7 * MINUTE,
  })),
  // Thresholds of one number: each lies within the one before.
  ...(
    [
      [28, 0.52],
      [30, 0.46],
      [32, 0.4],
    ] as const
  ).map(([strike, base]): QuestionDef => ({
    ...steady,
    key: `heat-t${strike}`,
    title: `Will Port Ellin this month see a temperature above ${strike}°?`,
    yes: `Above ${strike}°`,
    no: `${strike}° or below`,
    rules: `Resolves to Yes if the station at Port Ellin harbour reports a highest temperature above ${strike}.0 °C for the month.`,
    category: 'weather',
    base,
    venues: ['kalshi'],
    group: 'heat',
    strike,
  })),
];
