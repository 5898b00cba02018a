import { stemOf } from './words.js';

const stems = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/).map(stemOf));

/** What speaks for its subject getting on: general English of headlines, made for no particular market. */
export const FORWARD = stems(`
  gain gains rise rising rose rises surge surges soar soars jump jumps climb climbs rally rallies rebound advance advances
  lead leads leading ahead overtake overtakes win wins winning won victory triumph beat beats top tops record boost boosts
  strengthen strengthens strong stronger robust solid accelerate accelerates grow grows growth expand expands improve
  improves back backs backed endorse endorses endorsed support supports supported favour favours favourite favored favorite
  majority momentum approve approves approved approval pass passes passed clear clears cleared agree agrees agreed accord
  secure secures secured confirm confirms confirmed extend extends extended renew renews renewed reaffirm reaffirms
  breakthrough progress recover recovers recovery upbeat optimism optimistic confident praise praised acclaim acclaimed
  rave award sweep sweeps cheer cheers intensify intensifies hot hotter exceed exceeds outperform upgrade upgraded
  resolve commit commits committed complete completes finish finishes near nears approach approaches poised
  unite unites unanimous landslide
  bolster lift lifts raise raises swell swells widen widens launch launches deliver delivers
`);

/** What speaks against it. */
export const BACKWARD = stems(`
  fall falls fell falling drop drops slip slips slide slides plunge plunges tumble tumbles slump slumps sink sinks decline
  declines retreat retreats lose loses losing lost loss defeat defeated trail trails trailing lag lags weak weaker
  weaken weakens soft softer slow slows slowing slowdown cool cools cooling ease eases easing shrink shrinks contract
  contracts doubt doubts delay delays delayed postpone postpones postponed block blocks blocked stall stalls stalled reject
  rejects rejected oppose opposes opposed veto vetoes vetoed fail fails failed failure collapse collapses collapsed breach
  breaches breached violate violates violated violation break breaks broken scandal probe indict indicted charge charged
  quit quits withdraw withdraws withdrawn resign resigns suspend suspends suspended injure injured injury setback crisis
  split splits revolt rebel rebels rebellion walkout desert deserts deserted concede concedes miss misses missed disappoint
  disappoints disappointing pan panned flop flops snub snubbed fade fades dissipate dissipates veer veers downgrade
  downgraded dim dims threaten threatens threat hit hits hurt hurts cancel cancels cancelled scrap scraps scrapped shelve
  shelves shelved abandon abandons abandoned halt halts halted warn warns warning fear fears worry worries worst bleed
  bleeds crash crashes skid plummet erode erodes dent dents undermine undermines stumble stumbles falter falters
  denounce condemn clash clashes gunfire shell shelling attack attacks attacked strike
`);

/** How sure a report is that something will happen: decides on what a question's own event is named with. */
export const EXPECTED = stems(`
  likely expect expects expected signal signals hint hints point points prepare prepares plan plans favour favours back
  backs urge urges see sees set track certain bet bets confirm confirms announce announces lean leans suggest suggests
  support supports warrant warrants justify justifies case odds hope hopes ready deliver
`);
export const UNEXPECTED = stems(`
  unlikely doubt doubts rule reject rejects dismiss dismisses deny denies dim dims fade fades fading shelve shelves delay
  delays oppose opposes resist resists against discourage premature abandon abandons unneeded unwarranted hurdle
`);

export const NEGATION: ReadonlySet<string> = new Set(
  'not no never without neither nor cannot hardly barely fails failed failing denies denied less'.split(' '),
);
/** Turn what follows them: "halts slide" is good news. */
export const RELIEF = stems(
  'end ends halt halts stop stops avert averts avoid avoids shrug shrugs defy defies despite ease eases',
);

/** Verbs whose object comes off worse than their subject. */
export const OVERCOMES = stems(`
  beat beats defeat defeats overtake overtakes lead leads top tops edge edges trounce trounces outpoll outpolls pass
  passes topple topples oust ousts upset
`);

/**
 * Ways a thing can go that exclude each other. A question asks about one of a set; a report that tells of another speaks
 * against it.
 */
export const EXCLUSIVES: readonly (readonly ReadonlySet<string>[])[] = [
  [
    stems('cut cuts lower lowers reduce reduces reduction trim trims slash easing dovish loosen'),
    stems('hike hikes raise raises increase increases tighten tightens tightening hawkish'),
    stems('unchanged pause pauses steady hold holds standstill patient patience'),
  ],
  [stems('above exceed exceeds over higher hotter'), stems('below under lower cooler fewer')],
  [stems('up higher'), stems('down lower')],
];

/** What is bad news as such: a gloomy tone says nothing against it. */
export const ADVERSE = stems(`
  storm hurricane typhoon cyclone tornado flood rain rainfall snow drought heat earthquake quake eruption wildfire war
  invasion attack strike recession default inflation unemployment layoff layoffs shutdown impeachment tariff tariffs
  bankruptcy crash death outbreak pandemic resign resignation lose fall below drop collapse fail
`);

/** Verbs and words a question's predicate begins with. */
export const PREDICATES = stems(`
  win wins beat beats defeat pass passes hold holds be reach reaches set sets exceed exceeds survive survives release
  releases grow grows see sees cut cuts raise raises hike hikes increase increases decrease decreases fall falls rise rises
  lose loses fail fails resign resigns leave leaves close closes sign signs approve approves announce announces
  happen happens remain remains stay stays launch launches default defaults invade invades agree agrees ban bans above below
  over under up down have become becomes take takes make makes go goes keep keeps break breaks hit hits drop drops end ends
  run runs get gets meet meets strike strikes join joins return returns visit visits declare declares no any
`);
export const REVERSED = stems('lose fall below under fewer down fail drop decrease resign leave collapse default');
