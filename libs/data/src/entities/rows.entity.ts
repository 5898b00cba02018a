import { EntitySchema, type ValueTransformer } from 'typeorm';

/** The driver hands bigint over as text; every bigint here is a moment or a counter below 2^53. */
const integer: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
const moment = (nullable = false) => ({ type: 'bigint' as const, transformer: integer, nullable });

export type Role = 'viewer' | 'operator' | 'admin';

/** A person. Without a password hash nobody can sign in as them. */
export interface AppUser {
  id: string;
  name: string;
  role: Role;
  passwordHash: string | null;
  createdAt: number;
  disabledAt: number | null;
}

export const AppUserEntity = new EntitySchema<AppUser>({
  name: 'AppUser',
  tableName: 'app_user',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    name: { type: 'text' },
    role: { type: 'text' },
    passwordHash: { type: 'text', name: 'password_hash', nullable: true },
    createdAt: { ...moment(), name: 'created_at' },
    disabledAt: { ...moment(true), name: 'disabled_at' },
  },
});

/** A browser that is signed in. The key is the hash of its cookie. */
export interface SignIn {
  tokenHash: string;
  userId: string;
  createdAt: number;
  expiresAt: number;
  lastSeenAt: number;
  agent: string;
}

export const SignInEntity = new EntitySchema<SignIn>({
  name: 'SignIn',
  tableName: 'sign_in',
  columns: {
    tokenHash: { type: 'text', primary: true, name: 'token_hash' },
    userId: { type: 'uuid', name: 'user_id' },
    createdAt: { ...moment(), name: 'created_at' },
    expiresAt: { ...moment(), name: 'expires_at' },
    lastSeenAt: { ...moment(), name: 'last_seen_at' },
    agent: { type: 'text', default: '' },
  },
});

/** A one-time link that makes an account. */
export interface SetupToken {
  tokenHash: string;
  role: Role;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
  usedBy: string | null;
  /** Who sent the link; `null` is the one for the very first account. */
  invitedBy: string | null;
}

export const SetupTokenEntity = new EntitySchema<SetupToken>({
  name: 'SetupToken',
  tableName: 'setup_token',
  columns: {
    tokenHash: { type: 'text', primary: true, name: 'token_hash' },
    role: { type: 'text' },
    createdAt: { ...moment(), name: 'created_at' },
    expiresAt: { ...moment(), name: 'expires_at' },
    usedAt: { ...moment(true), name: 'used_at' },
    usedBy: { type: 'uuid', name: 'used_by', nullable: true },
    invitedBy: { type: 'text', name: 'invited_by', nullable: true },
  },
});

/** Anything a worker executes and a person may watch. `progress` is 0…1 or unknown. */
export interface Run {
  id: string;
  kind: string;
  title: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  startedAt: number;
  endedAt: number | null;
  progress: number | null;
  note: string;
}

export const RunEntity = new EntitySchema<Run>({
  name: 'Run',
  tableName: 'run',
  columns: {
    id: { type: 'text', primary: true },
    kind: { type: 'text' },
    title: { type: 'text' },
    state: { type: 'text' },
    startedAt: { ...moment(), name: 'started_at' },
    endedAt: { ...moment(true), name: 'ended_at' },
    progress: { type: 'double precision', nullable: true },
    note: { type: 'text', default: '' },
  },
});

/** One line of the audit log. `id`, `previous` and `hash` are given by the database. */
export interface Audit {
  id: number;
  at: number;
  by: string;
  action: string;
  target: string;
  detail: unknown;
  previous: Buffer;
  hash: Buffer;
}

export const AuditEntity = new EntitySchema<Audit>({
  name: 'Audit',
  tableName: 'audit',
  columns: {
    id: { ...moment(), primary: true },
    at: moment(),
    by: { type: 'text' },
    action: { type: 'text' },
    target: { type: 'text' },
    detail: { type: 'json' },
    previous: { type: 'bytea' },
    hash: { type: 'bytea' },
  },
});

export const entities = [AppUserEntity, SignInEntity, SetupTokenEntity, RunEntity, AuditEntity];
