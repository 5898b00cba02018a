import { tokens } from '#quant';

/** A word of a text with where it stood. */
export interface Word {
  readonly text: string;
  readonly stem: string;
  /** Begins with a capital where the text has both cases. */
  readonly capital: boolean;
}

const SPELLED = /[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu;

/** Words of a text in their order, as they are matched: lower case, without what English hangs on for number and time. */
export function wordsOf(text: string): readonly Word[] {
  return (text.match(SPELLED) ?? []).map((spelled) => {
    const bare = spelled.replace(/['’]\p{L}+$/u, '');
    const lower = bare.toLowerCase();
    return { text: lower, stem: stemOf(lower), capital: bare !== lower };
  });
}

/** Light stemming: cutting, cuts and cut are one word; no attempt is made at what is irregular. */
export function stemOf(word: string): string {
  let stem = word;
  if (stem.length > 4 && stem.endsWith('ies')) stem = `${stem.slice(0, -3)}y`;
  else if (stem.length > 4 && /(ss|sh|ch|x|z)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.length > 3 && stem.endsWith('s') && !/(ss|us|is)$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith('ing')) stem = doubled(stem.slice(0, -3));
  else if (stem.length > 4 && stem.endsWith('ed')) stem = doubled(stem.slice(0, -2));
  return stem.length > 4 && stem.endsWith('e') ? stem.slice(0, -1) : stem;
}

const doubled = (stem: string): string => (/([bdgklmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem);

/** Words that say nothing about what a text is about. */
export const EMPTY_WORDS: ReadonlySet<string> = new Set(
  tokens(
    `a an the and or but if of in on at to from by for with without about as into over under than that this these those
     is are was were be been being am will would shall should can could may might must do does did has have had having
     it its they them their he she his her we our you your who whom which what when where why how there here not no yes
     next before after during between any some all each every other another more most less least very just only also new
     s t d ll re ve m us up out off so such own same too one two first last year month week day today session end
     market question resolve resolves resolved resolution according source sources otherwise named name`,
  ),
);
