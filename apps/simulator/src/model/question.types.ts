/** Sim time is milliseconds since the origin; the model knows no other clock. */
export type SimTime = number;
export type Venue = 'kalshi' | 'polymarket';
export const VENUES: readonly Venue[] = ['kalshi', 'polymarket'];

/** What can be asked. One row of the catalogue; short-lived ones are asked again and again, each time a new generation. */
export interface QuestionDef {
  readonly key: string;
  readonly title: string;
  /** What YES is called where outcomes have names ("Up", a team). */
  readonly yes: string;
  readonly no: string;
  readonly rules: string;
  readonly category: Category;
  /** Probability the latent log-odds return to. */
  readonly base: number;
  /** Standard deviation of the log-odds per square root of a minute. */
  readonly volatility: number;
  /** Chance of a news jump per minute. */
  readonly newsPerMinute: number;
  readonly venues: readonly Venue[];
  /** Sub-cent grid at these venues from the start. */
  readonly subCent?: readonly Venue[];
  /** Outcome names are turned round at Polymarket: its YES is our NO. */
  readonly inverseAtPolymarket?: boolean;
  /** Few makers, who know less: small sizes, wide spreads and a centre that wavers. */
  readonly thin?: boolean;
  /** Multiplies the depth of both books. */
  readonly depth?: number;
  /** Key of the group it belongs to. */
  readonly group?: string;
  /** Set: asked again every `periodMs`; resolves at the end of each period. */
  readonly periodMs?: number;
  /** Chance that a generation ends 50-50. */
  readonly tieChance?: number;
  /** A number that the answer must exceed: with others of its group a ladder over one hidden truth. */
  readonly strike?: number;
  /** Polymarket's augmented "Other": listed there, its meaning may shrink. */
  readonly other?: boolean;
}

export type Category = 'politics' | 'sports' | 'crypto' | 'economics' | 'culture' | 'geopolitics' | 'weather';

export interface GroupDef {
  readonly key: string;
  readonly title: string;
  readonly exclusive: boolean;
  /** Some outcome outside the list may win; its probability is hidden. */
  readonly augmented: boolean;
  readonly category: Category;
  /** Log-odds weight of the unlisted outcome; `null` when the list is complete. */
  readonly hidden: number | null;
}

/** How fast the truth of a lasting question moves for a while. Hidden: nobody quotes it. */
export type Mood = 'calm' | 'stormy';

export type Outcome = 'yes' | 'no' | 'half' | 'void';

/** One asking of a question. */
export interface Question {
  readonly def: QuestionDef;
  readonly group: GroupDef | null;
  /** Row number in the catalogue; part of every id. */
  readonly slot: number;
  /** 0 for those asked once. */
  readonly generation: number;
  readonly opensAt: SimTime;
  /** `Infinity` for those that outlive any demo. */
  readonly closesAt: SimTime;
}

/** After trading ends the result is known, and some seconds later final. */
export const DETERMINED_AFTER_MS = 3_000;
export const SETTLED_AFTER_MS = 8_000;
