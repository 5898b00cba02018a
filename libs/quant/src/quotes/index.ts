export * from './logistic.js';
export * from './top-of-book.js';
export * from './devig.js';
