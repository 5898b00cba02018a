/**
 * Settings for many small durable commits of bulk rows: a commit is a commit (`synchronous_commit`, `fsync` stay on),
 * checkpoints are rare and spread, nothing is compiled or compressed on the way in.
 */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  unix_socket_directories: '',
  max_connections: '120',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'off',
  wal_buffers: '16MB',
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
};

/** A test's database may lose everything at a power cut. */
export const THROWAWAY_SETTINGS: Readonly<Record<string, string>> = {
  ...SERVER_SETTINGS,
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  min_wal_size: '64MB',
  wal_buffers: '4MB',
  fsync: 'off',
  full_page_writes: 'off',
};
