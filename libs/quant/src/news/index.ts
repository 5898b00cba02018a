export * from './similarity.js';
export * from './impulse.js';
export * from './story.js';
export * from './response.js';
