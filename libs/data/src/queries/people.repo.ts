import { UserProblem } from '#core';
import { IsNull, Not, type DataSource } from 'typeorm';
import { AppUserEntity, SetupTokenEntity, SignInEntity, type AppUser, type Role } from '../entities/rows.entity.js';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** It is a program of theirs that asks, by a token. */
  readonly via?: 'token';
}

export interface AuditLine {
  readonly at: number;
  readonly by: string;
  /** What was done, `workflow.mode` for example. */
  readonly action: string;
  readonly target: string;
  readonly detail: unknown;
}

/** People, their sign-ins and the one-time links that make them. Tokens arrive hashed. */
export interface People {
  any(): Promise<boolean>;
  /** Replaces every unused link. */
  offerSetup(tokenHash: string, now: number, expiresAt: number): Promise<void>;
  /** Makes the first admin, or whoever was invited, and spends the link, both or neither. Throws `UserProblem`. */
  claimSetup(
    tokenHash: string,
    person: { readonly name: string; readonly passwordHash: string },
    now: number,
  ): Promise<Person>;
  /** Whoever may sign in under this name, letter case apart. */
  byName(name: string): Promise<(Person & { readonly passwordHash: string }) | null>;
  signIn(entry: {
    readonly tokenHash: string;
    readonly user: string;
    readonly now: number;
    readonly expiresAt: number;
    readonly agent: string;
  }): Promise<void>;
  /** The person behind a cookie, `null` when it is unknown, expired or the person disabled. */
  signedIn(tokenHash: string, now: number): Promise<Person | null>;
  signOut(tokenHash: string): Promise<void>;
  /** Sets a new password and ends every other sign-in of the person; answers the ended ones. */
  changePassword(user: string, passwordHash: string, keep: string): Promise<readonly string[]>;
  forgetExpired(now: number): Promise<void>;
  audit(line: AuditLine): Promise<void>;
}

const SETUP_LOCK = 814_220_310;
/** `last_seen_at` is kept to about this; a write per request would cost more than it tells. */
const SEEN_EVERY_MS = 60_000;

const personOf = ({ id, name, role }: AppUser): Person => ({ id, name, role });

export function createPeople(source: DataSource): People {
  const users = source.getRepository(AppUserEntity);
  const signIns = source.getRepository(SignInEntity);
  return {
    any: () => users.exists(),

    async offerSetup(tokenHash, now, expiresAt) {
      await source.transaction(async (manager) => {
        await manager.delete(SetupTokenEntity, { usedAt: IsNull(), invitedBy: IsNull() });
        await manager.insert(SetupTokenEntity, {
          tokenHash,
          role: 'admin',
          createdAt: now,
          expiresAt,
          usedAt: null,
          usedBy: null,
          invitedBy: null,
        });
      });
    },

    claimSetup: (tokenHash, { name, passwordHash }, now) =>
      source.transaction(async (manager) => {
        await manager.query('select pg_advisory_xact_lock($1)', [SETUP_LOCK]);
        const token = await manager.findOneBy(SetupTokenEntity, { tokenHash });
        const invited = (token?.invitedBy ?? null) !== null;
        if (!token || token.usedAt !== null || (!invited && (await manager.exists(AppUserEntity))))
          throw new UserProblem(
            'This link was used already, was taken back, or is not the newest one. Sign in, or ask for a new link.',
          );
        if (token.expiresAt <= now)
          throw new UserProblem(
            invited
              ? 'This invitation has expired. Ask for a new one.'
              : 'This setup link has expired. Restart the server for a new one.',
          );
        const taken = await manager
          .createQueryBuilder(AppUserEntity, 'u')
          .where('lower(u.name) = lower(:name)', { name })
          .getExists();
        if (taken)
          throw new UserProblem('The account was not created.', [{ path: '/name', message: 'This name is taken.' }]);
        const user = await manager.save(AppUserEntity, {
          name,
          role: token.role,
          passwordHash,
          createdAt: now,
          disabledAt: null,
        });
        await manager.update(SetupTokenEntity, { tokenHash }, { usedAt: now, usedBy: user.id });
        return personOf(user);
      }),

    async byName(name) {
      const user = await users
        .createQueryBuilder('u')
        .where('lower(u.name) = lower(:name) and u.disabledAt is null', { name })
        .getOne();
      return user?.passwordHash ? { ...personOf(user), passwordHash: user.passwordHash } : null;
    },

    async signIn({ tokenHash, user, now, expiresAt, agent }) {
      await signIns.insert({ tokenHash, userId: user, createdAt: now, expiresAt, lastSeenAt: now, agent });
    },

    async signedIn(tokenHash, now) {
      const entry = await signIns.findOneBy({ tokenHash });
      if (!entry || entry.expiresAt <= now) return null;
      const user = await users.findOneBy({ id: entry.userId, disabledAt: IsNull() });
      if (user && entry.lastSeenAt < now - SEEN_EVERY_MS) await signIns.update({ tokenHash }, { lastSeenAt: now });
      return user && personOf(user);
    },

    async signOut(tokenHash) {
      await signIns.delete({ tokenHash });
    },

    changePassword: (user, passwordHash, keep) =>
      source.transaction(async (manager) => {
        await manager.update(AppUserEntity, { id: user }, { passwordHash });
        const others = { userId: user, tokenHash: Not(keep) };
        const ended = await manager.findBy(SignInEntity, others);
        await manager.delete(SignInEntity, others);
        return ended.map(({ tokenHash }) => tokenHash);
      }),

    async forgetExpired(now) {
      await signIns.createQueryBuilder().delete().where('expires_at <= :now', { now }).execute();
    },

    async audit({ at, by, action, target, detail }) {
      // `id`, `previous` and `hash` are the trigger's.
      await source.query('insert into audit (at, "by", action, target, detail) values ($1, $2, $3, $4, $5)', [
        at,
        by,
        action,
        target,
        JSON.stringify(detail ?? null),
      ]);
    },
  };
}
