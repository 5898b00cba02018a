import { UserProblem, type FieldProblem } from '#core';
import { tokenHolder, type Person } from '#data';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { AttemptLimit } from './attempt-limit.js';
import { hashPassword, LEAST_PASSWORD, MOST_PASSWORD, passwordMatches } from './password.js';
import { cookieValue, hashToken, newToken } from './token.js';

const DAY = 86_400_000;
const SETUP_FOR_MS = DAY;
const SIGNED_IN_FOR_MS = 30 * DAY;
const ATTEMPTS = 10;
const ATTEMPTS_WITHIN_MS = 5 * 60_000;
const MOST_NAME = 64;
/** Marks the hash of a token among those of cookies. */
const TOKEN = 'token:';

function passwordProblems(password: string, path: string): FieldProblem[] {
  if (password.length < LEAST_PASSWORD) return [{ path, message: `At least ${LEAST_PASSWORD} characters.` }];
  if (password.length > MOST_PASSWORD) return [{ path, message: `At most ${MOST_PASSWORD} characters.` }];
  return [];
}

/** Too many attempts from one address; `afterMs` until the next is welcome. */
export class TooManyAttempts extends UserProblem {
  constructor(readonly afterMs: number) {
    super(`Too many attempts from this address. Try again in ${Math.ceil(afterMs / 60_000)} min.`);
  }
}

/** A person behind a cookie, and the hash their sign-in is known by. */
export interface SignedIn {
  readonly viewer: Person;
  readonly signIn: string;
}

@Injectable()
export class AuthService {
  readonly #attempts = new AttemptLimit(ATTEMPTS, ATTEMPTS_WITHIN_MS);
  /** Compared with when nobody has the name, so that the time taken does not tell. */
  readonly #nobody = hashPassword(newToken());
  readonly #closers = new Set<(signIn: string) => void>();

  constructor(private readonly house: House) {}

  /** Cookies of one address ignore the port: demo and live beside each other need two names. */
  get cookieName(): string {
    return `arbintel-${this.house.config.mode}`;
  }

  needsSetup = async (): Promise<boolean> => !(await this.house.people.any());

  /** A fresh one-time token while there is nobody; earlier ones die. `null` once an admin exists. */
  async offerSetup(): Promise<string | null> {
    if (!(await this.needsSetup())) return null;
    const token = newToken();
    const now = this.house.now();
    await this.house.people.offerSetup(hashToken(token), now, now + SETUP_FOR_MS);
    return token;
  }

  /** Makes the first admin, or whoever was invited, and signs them in; answers the cookie's value. */
  async setUp(
    input: { token: string; name: string; password: string },
    address: string,
    agent: string,
  ): Promise<{ person: Person; cookie: string }> {
    this.#spend(address);
    const name = input.name.trim();
    const fields: FieldProblem[] = [];
    if (!name) fields.push({ path: '/name', message: 'A name is needed.' });
    if (name.length > MOST_NAME) fields.push({ path: '/name', message: `At most ${MOST_NAME} characters.` });
    fields.push(...passwordProblems(input.password, '/password'));
    if (fields.length > 0) throw new UserProblem('The account was not created.', fields);
    const passwordHash = await hashPassword(input.password);
    const person = await this.house.people.claimSetup(hashToken(input.token), { name, passwordHash }, this.house.now());
    await this.#audit(person.name, 'account.create', person.name, { role: person.role, address });
    return { person, cookie: await this.#admit(person, address, agent) };
  }

  async signIn(
    input: { name: string; password: string },
    address: string,
    agent: string,
  ): Promise<{ person: Person; cookie: string }> {
    this.#spend(address);
    const found = input.password.length <= MOST_PASSWORD ? await this.house.people.byName(input.name.trim()) : null;
    const fits = await passwordMatches(
      input.password.slice(0, MOST_PASSWORD),
      found?.passwordHash ?? (await this.#nobody),
    );
    if (!found || !fits) {
      this.house.log.warn('sign-in refused', { address });
      throw new UserProblem('Name or password is wrong.');
    }
    return { person: found, cookie: await this.#admit(found, address, agent) };
  }

  async signedIn(cookieHeader: string | undefined): Promise<SignedIn | null> {
    const token = cookieValue(cookieHeader, this.cookieName);
    if (!token) return null;
    const signIn = hashToken(token);
    const viewer = await this.house.people.signedIn(signIn, this.house.now());
    return viewer && { viewer, signIn };
  }

  /** Whoever asks: a browser by its cookie, or a program by the token of its `Authorization` header. */
  async identify(headers: { readonly cookie?: string; readonly authorization?: string }): Promise<SignedIn | null> {
    const [scheme, token] = (headers.authorization ?? '').split(' ', 2);
    if (scheme.toLowerCase() !== 'bearer' || !token) return this.signedIn(headers.cookie);
    const hash = hashToken(token);
    const viewer = await tokenHolder(this.house.pool, hash, this.house.now());
    return viewer && { viewer, signIn: `${TOKEN}${hash}` };
  }

  /** Whether a sign-in or a token still holds; sockets outlive requests and ask again. */
  stillSignedIn = async (signIn: string): Promise<boolean> => {
    const now = this.house.now();
    return signIn.startsWith(TOKEN)
      ? (await tokenHolder(this.house.pool, signIn.slice(TOKEN.length), now)) !== null
      : (await this.house.people.signedIn(signIn, now)) !== null;
  };

  /** Closes what these sign-ins have open: they ended elsewhere. */
  close(signIns: readonly string[]): void {
    for (const signIn of signIns) for (const close of this.#closers) close(signIn);
  }

  async signOut(cookieHeader: string | undefined): Promise<void> {
    const current = await this.signedIn(cookieHeader);
    if (!current) return;
    await this.house.people.signOut(current.signIn);
    await this.#audit(current.viewer.name, 'sign-out', current.viewer.name, {});
    for (const close of this.#closers) close(current.signIn);
  }

  /** A new password for whoever is signed in. Their other sign-ins end; answers how many. `null` without a sign-in. */
  async changePassword(
    cookieHeader: string | undefined,
    input: { current: string; password: string },
    address: string,
  ): Promise<number | null> {
    const signedIn = await this.signedIn(cookieHeader);
    if (!signedIn) return null;
    this.#spend(address);
    const { viewer, signIn } = signedIn;
    const fields = passwordProblems(input.password, '/password');
    const known = await this.house.people.byName(viewer.name);
    if (!known || !(await passwordMatches(input.current.slice(0, MOST_PASSWORD), known.passwordHash)))
      fields.push({ path: '/current', message: 'This is not the present password.' });
    if (fields.length > 0) throw new UserProblem('The password was not changed.', fields);
    const ended = await this.house.people.changePassword(viewer.id, await hashPassword(input.password), signIn);
    await this.#audit(viewer.name, 'password.change', viewer.name, { address, ended: ended.length });
    this.#attempts.clear(address);
    this.close(ended);
    return ended.length;
  }

  onSignOut(close: (signIn: string) => void): void {
    this.#closers.add(close);
  }

  async #admit(person: Person, address: string, agent: string): Promise<string> {
    const token = newToken();
    const now = this.house.now();
    await this.house.people.forgetExpired(now);
    await this.house.people.signIn({
      tokenHash: hashToken(token),
      user: person.id,
      now,
      expiresAt: now + SIGNED_IN_FOR_MS,
      agent: agent.slice(0, 200),
    });
    await this.#audit(person.name, 'sign-in', person.name, { address });
    this.#attempts.clear(address);
    return token;
  }

  /** The cookie as a header; an empty value removes it. */
  setCookie(value: string, secure: boolean): string {
    const age = value ? Math.floor(SIGNED_IN_FOR_MS / 1000) : 0;
    return `${this.cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure ? '; Secure' : ''}`;
  }

  #spend(address: string): void {
    const wait = this.#attempts.take(address, this.house.now());
    if (wait > 0) throw new TooManyAttempts(wait);
  }

  #audit(by: string, action: string, target: string, detail: unknown): Promise<void> {
    return this.house.people.audit({ at: this.house.now(), by, action, target, detail });
  }
}
