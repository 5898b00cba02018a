import { UserProblem, type FieldProblem } from '#core';
import {
  apiTokens,
  auditPage,
  changePerson,
  checkAudit,
  makeApiToken,
  makeInvite,
  openInvites,
  peopleRows,
  revokeApiToken,
  takeInviteBack,
  type Person as Viewer,
  type Role,
} from '#data';
import { Injectable } from '@nestjs/common';
import { roleProblem } from '../access/needs.js';
import { AuthService } from '../auth/auth.service.js';
import { hashToken, newToken } from '../auth/token.js';
import { House } from '../house.js';
import type { ApiToken, ApiTokenMade, AuditCheck, AuditPage, Invite, InviteMade, Person } from './people.types.js';

const DAY = 86_400_000;
const INVITED_FOR_MS = 3 * DAY;
const MOST_TOKEN_NAME = 64;
const MOST_TOKEN_DAYS = 3_650;
const ROLES: readonly string[] = ['viewer', 'operator', 'admin'] satisfies Role[];

/** Who may do what here, the keys of their programs, and the log of what was done. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly house: House,
    private readonly auth: AuthService,
  ) {}

  people(): Promise<readonly Person[]> {
    return peopleRows(this.house.pool);
  }

  invites(): Promise<readonly Invite[]> {
    return openInvites(this.house.pool, this.house.now());
  }

  async invite(by: Viewer, role: string): Promise<InviteMade> {
    this.#inPerson(by);
    const token = newToken();
    const now = this.house.now();
    const invite = {
      id: hashToken(token),
      role: roleOf(role),
      by: by.name,
      createdAt: now,
      expiresAt: now + INVITED_FOR_MS,
    };
    await makeInvite(this.house.pool, invite);
    await this.#audit(by, 'person.invite', role, { expiresAt: invite.expiresAt });
    return { id: invite.id, path: `/setup?invited=${role}&token=${token}`, expiresAt: invite.expiresAt };
  }

  async takeBack(by: Viewer, id: string): Promise<string> {
    if (!(await takeInviteBack(this.house.pool, id)))
      throw new UserProblem('This invitation was used or taken back already. Ask an admin for a new one.');
    await this.#audit(by, 'person.invite-back', id.slice(0, 12), {});
    return id;
  }

  async setRole(by: Viewer, id: string, role: string): Promise<string> {
    this.#inPerson(by);
    const { person } = await changePerson(this.house.pool, id, { role: roleOf(role) });
    await this.#audit(by, 'person.role', person.name, { to: role });
    return id;
  }

  async setDisabled(by: Viewer, id: string, disabled: boolean): Promise<string> {
    this.#inPerson(by);
    const disabledAt = disabled ? this.house.now() : null;
    const { person, ended } = await changePerson(this.house.pool, id, { disabledAt });
    this.auth.close(ended);
    await this.#audit(by, disabled ? 'person.disable' : 'person.enable', person.name, { ended: ended.length });
    return id;
  }

  /** A person's own; an admin's view is of all. */
  tokens(viewer: Viewer): Promise<readonly ApiToken[]> {
    return apiTokens(this.house.pool, viewer.role === 'admin' ? null : viewer.id, this.house.now());
  }

  async makeToken(by: Viewer, name: string, role: string, days: number | null): Promise<ApiTokenMade> {
    this.#inPerson(by);
    const problems: FieldProblem[] = [];
    const title = name.trim();
    if (title === '' || title.length > MOST_TOKEN_NAME)
      problems.push({ path: '/name', message: `A name has 1 to ${MOST_TOKEN_NAME} characters.` });
    if (!ROLES.includes(role)) problems.push({ path: '/role', message: `A role is one of ${ROLES.join(', ')}.` });
    else if (roleProblem(by.role, role as Role))
      problems.push({ path: '/role', message: `You are ${by.role}; a token of yours cannot be more.` });
    if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MOST_TOKEN_DAYS))
      problems.push({ path: '/days', message: `A token lasts 1 to ${MOST_TOKEN_DAYS} days, or without an end.` });
    if (problems.length > 0) throw new UserProblem('The token was not made.', problems);
    const token = `arb_${newToken()}`;
    const now = this.house.now();
    const id = await makeApiToken(this.house.pool, {
      tokenHash: hashToken(token),
      person: by.id,
      name: title,
      role: role as Role,
      createdAt: now,
      expiresAt: days === null ? null : now + days * DAY,
    });
    await this.#audit(by, 'token.create', title, { role, days });
    return { id, token };
  }

  async revokeToken(by: Viewer, id: string): Promise<string> {
    const name = await revokeApiToken(this.house.pool, id, by.role === 'admin' ? null : by.id, this.house.now());
    if (name === null) throw new UserProblem('There is no such token of yours.');
    await this.#audit(by, 'token.revoke', name, {});
    return id;
  }

  audit(first: number, after: string | null, text: string | null): Promise<AuditPage> {
    return auditPage(this.house.pool, { first, after, text });
  }

  checkAudit(): Promise<AuditCheck> {
    return checkAudit(this.house.pool);
  }

  /** A token that made tokens or people would outlive its being revoked. */
  #inPerson(by: Viewer): void {
    if (by.via === 'token') throw new UserProblem('A token cannot do this; sign in for it.');
  }

  #audit(by: Viewer, action: string, target: string, detail: unknown): Promise<void> {
    return this.house.people.audit({ at: this.house.now(), by: by.name, action, target, detail });
  }
}

function roleOf(text: string): Role {
  if (ROLES.includes(text)) return text as Role;
  const message = `A role is one of ${ROLES.join(', ')}.`;
  throw new UserProblem(message, [{ path: '/role', message }]);
}
