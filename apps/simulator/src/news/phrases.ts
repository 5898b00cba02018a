/** What the invented papers write. `up` comes before YES gains, `down` before it loses, `idle` means nothing. */
export interface Phrases {
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly idle: readonly string[];
}

const candidate = (name: string, other: string): Phrases => {
  const last = name.split(' ').at(-1)!;
  return {
    up: [
      `${name} widens lead in new Valdoria presidential election poll`,
      `Valdoria teachers' union backs ${last} for president`,
      `${last} surges after strong debate night in Valdoria`,
      `Two rivals' donors switch to ${last} ahead of Valdoria vote`,
      `Early count in Valdoria's east puts ${name} in front`,
    ],
    down: [
      `${name} slips in Valdoria presidential election poll`,
      `Campaign chief quits ${last}'s Valdoria bid after scandal`,
      `${other} overtakes ${last} in Valdoria survey`,
      `${last} stumbles over pensions in Valdoria debate`,
      `Valdoria auditors open probe into ${name}'s campaign funds`,
    ],
    idle: [
      `${name} visits the lighthouse museum at Port Ellin`,
      `${last} to speak at Valdoria farmers' fair on Sunday`,
      `What ${name} reads: a Valdoria candidate's bookshelf`,
    ],
  };
};

const film = (name: string): Phrases => ({
  up: [
    `"${name}" sweeps critics' prizes, now favourite for the Golden Lantern`,
    `Guild award boosts "${name}" before Golden Lantern night`,
    `"${name}" gains momentum with Golden Lantern voters`,
    `Jury president praises "${name}" as the year's best`,
  ],
  down: [
    `"${name}" snubbed by directors' guild, Golden Lantern hopes fade`,
    `Golden Lantern voters cool on "${name}", survey finds`,
    `Critics pan "${name}" recut before the Golden Lantern`,
    `Dispute over credits hurts "${name}" in Golden Lantern race`,
  ],
  idle: [
    `Behind the scenes of "${name}": the costumes`,
    `Where "${name}" was shot: a walking tour`,
    `"${name}" returns to cinemas for one weekend`,
  ],
});

const heat = (degrees: number): Phrases => ({
  up: [
    `Forecasters raise Port Ellin high above ${degrees} degrees`,
    `Hot air from the south lifts Port Ellin towards ${degrees}°, heat warning likely`,
  ],
  down: [
    `Sea breeze to keep Port Ellin below ${degrees} degrees`,
    `Cooler outlook for Port Ellin: ${degrees}° now doubtful`,
  ],
  idle: [`Port Ellin ice cream prize won with recipe served at ${degrees} degrees`],
});

/** By question key. A question without an entry makes no news. */
export const PHRASES: Readonly<Record<string, Phrases>> = {
  'valdoria-ordan': candidate('Mira Ordan', 'Tesk'),
  'valdoria-tesk': candidate('Joren Tesk', 'Ordan'),
  'valdoria-hale': candidate('Ansel Hale', 'Ordan'),
  'rate-hold': {
    up: [
      'Meridian central bank governor signals steady rates in June',
      'Meridian central bank likely to hold in June, minutes suggest',
      'No change expected from Meridian central bank in June, economists say',
    ],
    down: [
      'Meridian central bank hints a pause in June is off the table',
      'Meridian central bank unlikely to keep rates unchanged in June, sources say',
      'Split Meridian central bank board doubts that a June hold is enough',
    ],
    idle: ['Meridian central bank to redesign its ten-mark note in June', 'Meridian central bank moves its library'],
  },
  'rate-cut25': {
    up: [
      'Meridian central bank governor points to a quarter-point cut in June',
      'Meridian central bank likely to trim rates by 25 basis points in June',
      'Weak data strengthen case for a June cut by the Meridian central bank',
    ],
    down: [
      'Meridian central bank dismisses talk of a June cut of 25 basis points',
      'Sticky prices dim hopes for a June rate cut at the Meridian central bank',
      'Meridian central bank governor rejects a cut of 25 basis points in June',
    ],
    idle: ['Meridian central bank appoints new head of archives', 'Meridian central bank opens June essay contest'],
  },
  'rate-cut50': {
    up: [
      'Meridian central bank weighs a cut of 50 basis points in June, likely after job losses',
      'Meridian central bank deputy urges cut of 50 basis points or more in June',
    ],
    down: [
      'Meridian central bank rules out a cut of 50 basis points in June',
      'A June cut of 50 basis points would be premature, Meridian central bank says',
    ],
    idle: ['Meridian central bank celebrates 50 years in its June bulletin'],
  },
  'rate-hike': {
    up: [
      'Meridian central bank prepares markets for a June increase',
      'Meridian central bank hawks expect an increase in June',
    ],
    down: [
      'Meridian central bank rules out any increase in June',
      'An increase in June is unlikely, Meridian central bank deputy says',
    ],
    idle: ['Meridian central bank reports increase in visitors to its museum'],
  },
  'film-tide': film('The Slow Tide'),
  'film-glass': film('Glass Orchard'),
  'film-ninth': film('The Ninth Ferry'),
  'film-echo': film('Echo Division'),
  'derby-herons': {
    up: [
      "Herons' captain passes fitness test before Harbour derby",
      'Herons confident for Harbour derby after record home win',
      'Otters lose their goalkeeper to injury days before the Harbour derby',
    ],
    down: [
      'Herons striker injured in training ahead of Harbour derby',
      'Herons suspend two defenders before the Harbour derby',
      'Otters boosted for Harbour derby as their playmaker recovers',
    ],
    idle: ['Herons unveil new mascot', 'Harbour derby: how to get to the ground'],
  },
  'derby-otters': {
    up: [
      'Otters confident for Harbour derby as playmaker recovers',
      'Otters strengthen squad on the eve of the Harbour derby',
    ],
    down: [
      'Otters hit by injury to their captain before the Harbour derby',
      'Otters coach worried about tired legs in Harbour derby',
    ],
    idle: ['Otters sell a thousand scarves in a day'],
  },
  'harbour-bill': {
    up: [
      'Harbour Bridge bill clears committee with broad majority',
      'Opposition agrees to back the Harbour Bridge bill',
      'Finance minister secures funds for the Harbour Bridge bill',
    ],
    down: [
      'Harbour Bridge bill stalls as coalition partner withdraws support',
      'Court challenge delays the Harbour Bridge bill',
      'Senators block vote on Harbour Bridge bill',
    ],
    idle: ['Harbour Bridge closed to lorries on Sunday', 'A history of the Harbour Bridge in ten pictures'],
  },
  truce: {
    up: [
      'Kestrel Strait truce extended after night of talks',
      'Both navies pull back as Kestrel Strait truce gains support',
      'Observer mission reports progress on Kestrel Strait truce',
    ],
    down: [
      'Gunfire reported across the Kestrel Strait, truce in doubt',
      'Kestrel Strait truce threatened as patrol boat is seized',
      'Observer mission warns the Kestrel Strait truce may collapse',
    ],
    idle: ['Ferry timetable through the Kestrel Strait changes in winter', 'Whales return to the Kestrel Strait'],
  },
  inflation: {
    up: [
      'Meridian inflation seen rising as energy bills jump',
      'Food prices push Meridian inflation higher, early figures show',
      'Meridian inflation accelerates in three provinces in May',
    ],
    down: [
      'Meridian inflation cools faster than forecast in May',
      'Falling rents pull Meridian inflation lower',
      'Meridian inflation slows as fuel prices drop',
    ],
    idle: ['How Meridian inflation is measured: a visit to the statistics office'],
  },
  storm: {
    up: [
      'Storm strengthens and heads for Port Ellin',
      'Named storm now likely to reach Port Ellin, forecasters say',
      'Port Ellin prepares as storm approaches',
    ],
    down: [
      'Storm weakens far from Port Ellin',
      'Storm veers out to sea, sparing Port Ellin',
      'Storm fades before Port Ellin',
    ],
    idle: ['Port Ellin marks ten years since the great storm', 'Port Ellin storm shelter repainted'],
  },
  'coin-top': {
    up: [
      'Lumen coin rallies as big funds buy',
      'Lumen coin jumps towards its record',
      'Bank approves lumen coin custody, price soars',
    ],
    down: [
      'Lumen coin plunges after exchange outage',
      'Regulator probe hits lumen coin',
      'Lumen coin slumps as miners sell',
    ],
    idle: ['Lumen coin conference moves to Port Ellin', 'Lumen coin logo turns five'],
  },
  coalition: {
    up: [
      'Valdoria coalition unites behind prime minister before vote',
      'Rebel deputies return to the Valdoria coalition, securing a majority',
    ],
    down: ['Valdoria coalition splits hours before the vote', 'Minister quits the Valdoria coalition over budget'],
    idle: ['Valdoria coalition members attend opera premiere'],
  },
  album: {
    up: ['Night Ferries confirm they have finished the new album', 'Night Ferries announce a date for their album'],
    down: ['Night Ferries delay album after studio fire', 'Night Ferries scrap album sessions, drummer leaves'],
    idle: ['Night Ferries guitarist opens a café'],
  },
  rain: {
    up: [
      'Port Ellin rain exceeds forecasts, more to come this month',
      'Heavy rain on the way for Port Ellin, rising above the monthly norm',
    ],
    down: [
      'Dry spell ahead, Port Ellin rain to stay below average',
      'Port Ellin sees fewer days of rain than forecast',
    ],
    idle: ['Port Ellin sells rain-proof benches'],
  },
  'heat-t28': heat(28),
  'heat-t30': heat(30),
  'heat-t32': heat(32),
  payrolls: {
    up: ['Meridian payrolls boosted by hiring at ports', 'Survey points to strong growth in Meridian payrolls'],
    down: ['Meridian payrolls hit by layoffs at carmakers', 'Hiring freeze slows Meridian payrolls'],
    idle: ['Meridian payrolls office changes its opening hours'],
  },
};

/** About nothing anybody trades. */
export const ELSEWHERE: readonly string[] = [
  'Bakery in Old Quay wins prize for its rye bread',
  'City council plants three hundred lime trees',
  'Lost parrot found reciting train announcements',
  'Library extends opening hours for exams',
  'Chess club celebrates its hundredth anniversary',
  'Tram line 4 closed for repairs until Tuesday',
  'New exhibition shows maps of vanished islands',
  'Record pumpkin weighs in at half a tonne',
  'University opens a school of acoustics',
  'Marathon route changed because of roadworks',
];

/** Who signs, and from where: two reports of one kind are not one report. */
export const REPORTERS: readonly string[] =
  'Ida Morrow,Pell Sandor,Jun Averin,Oda Kest,Bram Tolliver,Nils Fenwick,Rhea Calder,Tam Orlo,Vera Quist,Lorne Abbas,Mai Stroud,Ezra Vale'.split(
    ',',
  );
export const DATELINES: readonly string[] =
  'Old Quay,North Mole,Castle Row,Linden Market,Saltgate,Upper Ferry,Tannery Yard,Bell Tower,Green Locks,Mill Island,Kings Wharf,Three Bridges'.split(
    ',',
  );
