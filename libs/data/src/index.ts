export * from './contracts.js';
export * from './pool.js';
export * from './data-source.js';
export * from './entities/rows.entity.js';
export * from './queries/index.js';
export * from './notices/index.js';
export * from './layout/storage-layout.js';
export type { LayoutName, StorageLayout, StoragePart } from './layout/layout.types.js';
export * from './layout/storage.upkeep.js';
export * from './layout/storage.report.js';
export type { CandleSource, Resolution } from './layout/candle-tables.js';
export * from './tape/candles.query.js';
export { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from './embedded/server.js';
export {
  STORE_KINDS,
  temporaryDatabase,
  temporaryTimescale,
  TIMESCALE_URL,
  type TemporaryDatabase,
} from './testing/temporary-database.js';
export { createTapeStore } from './tape/tape.store.js';
export { createLaneBuilds, type LaneBuild, type LaneBuilds } from './tape/lane-build.store.js';
export { readSpan, readTapeBlocks, type TapeSpan } from './tape/tape-reader.js';
export { copyIn, copyOut } from './tape/copy-connection.js';
export { copySql, SNAPSHOT, NO_LEVEL, MERGED_SHIFT } from './tape/stream-rows.js';
export { tapeBatch, TapeRows } from './tape/tape-rows.js';
export { NewsStore } from './news/news.store.js';
export type * from './news/news.types.js';
export { createInbox, type InboxBus } from './inbox.store.js';
export * from './question.store.js';
export { diskProblem } from './archive/disk-problem.js';
export { exportTape, type ExportOptions } from './archive/tape-export.js';
export { importTape, type ImportOptions, type ImportResult } from './archive/tape-import.js';
export { isTar, packFolder, unpackTar } from './archive/archive.tar.js';
export { importFrames, readFrames } from './archive/frames-import.js';
export { importEvents } from './archive/events-import.js';
export { ReplayFile, type ReplayBlock, type ReplayColumn } from './archive/replay.file.js';
export { laneFor } from './archive/import-lane.js';
export { moveDatabase, type MoveOptions, type MoveResult } from './archive/database-move.js';
export type { ArchiveFormat, ArchiveManifest } from './archive/archive.types.js';
export { BookBlocks } from './tape/book-blocks.js';
export { bookAt, type PastBook } from './tape/book-at.query.js';
export {
  actsOfFile,
  fileTape,
  journalOfFile,
  laneTape,
  recordedActs,
  tapeSpan,
  type PlayableTape,
} from './backtest/tape-sources.js';
export { writeReplayFile } from './archive/events-file.js';
export * from './history/storage-task.store.js';
export * from './history/backfill.store.js';
export * from './history/market-candles.query.js';
export * from './backtest/backtest.repo.js';
export * from './backtest/sweep.repo.js';
export { seqNotBefore } from './tape/tape-times.js';
export { storedCheckpoints } from './backtest/checkpoint.store.js';
