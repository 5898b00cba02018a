export * from './contracts.js';
export * from './pool.js';
export * from './data-source.js';
export * from './entities/rows.entity.js';
export * from './layout/storage-layout.js';
export { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from './embedded/server.js';
export { temporaryDatabase, type TemporaryDatabase } from './testing/temporary-database.js';
