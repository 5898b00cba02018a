import type { Venue } from '../../../simulator/src/model/question.types.js';

/** Simulated markets by how good their books are; each is judged by itself. */
export interface BookClass {
  readonly name: 'thin' | 'ordinary' | 'deep';
  /** For the report. */
  readonly says: string;
  readonly markets: readonly { readonly key: string; readonly venue: Venue }[];
}

export const BOOKS: readonly BookClass[] = [
  {
    name: 'thin',
    says: 'a dozen contracts at the top, a spread of four cents and more, makers that waver by two cents',
    markets: [
      { key: 'album', venue: 'polymarket' },
      { key: 'rain', venue: 'kalshi' },
    ],
  },
  {
    name: 'ordinary',
    says: 'one to three hundred contracts at the top and a spread of one or two cents; where the question is listed at both venues, one of them is off by two to twelve cents for some seconds of most minutes',
    markets: [
      { key: 'payrolls', venue: 'kalshi' },
      { key: 'inflation', venue: 'kalshi' },
    ],
  },
  {
    name: 'deep',
    says: 'thousands of contracts at the top and a spread of one or two cents, off by up to a quarter for some seconds now and then',
    markets: [{ key: 'rate-hold', venue: 'polymarket' }],
  },
];
