import { Args, Context, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Needs } from '../access/needs.js';
import type { ApiContext } from '../graphql/context.js';
import { answered, Problem } from '../graphql/problem.types.js';
import { Done, DoneResult } from '../notices/notice.types.js';
import { PeopleService } from './people.service.js';
import {
  ApiToken,
  ApiTokenMade,
  ApiTokenResult,
  AuditCheck,
  AuditPage,
  Invite,
  InviteMade,
  InviteResult,
  Person,
} from './people.types.js';

const done = (work: () => Promise<string>): Promise<Done | Problem> => answered(async () => ({ id: await work() }));

@Resolver()
export class PeopleResolver {
  constructor(private readonly service: PeopleService) {}

  @Needs('admin')
  @Query(() => [Person])
  people(): Promise<readonly Person[]> {
    return this.service.people();
  }

  @Needs('admin')
  @Query(() => [Invite])
  invites(): Promise<readonly Invite[]> {
    return this.service.invites();
  }

  @Query(() => [ApiToken], { description: 'Your own; an admin sees everybody’s.' })
  apiTokens(@Context() { viewer }: ApiContext): Promise<readonly ApiToken[]> {
    return this.service.tokens(viewer);
  }

  @Needs('admin')
  @Query(() => AuditPage, { description: 'Newest first.' })
  audit(
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
    @Args('text', { type: () => String, nullable: true }) text?: string | null,
  ): Promise<AuditPage> {
    return this.service.audit(first, after ?? null, text ?? null);
  }

  @Needs('admin')
  @Query(() => AuditCheck)
  auditCheck(): Promise<AuditCheck> {
    return this.service.checkAudit();
  }

  @Needs('admin')
  @Mutation(() => InviteResult, { description: 'Makes a one-time link that lasts three days.' })
  invitePerson(@Context() { viewer }: ApiContext, @Args('role') role: string): Promise<InviteMade | Problem> {
    return answered(() => this.service.invite(viewer, role));
  }

  @Needs('admin')
  @Mutation(() => DoneResult)
  takeInviteBack(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Done | Problem> {
    return done(() => this.service.takeBack(viewer, id));
  }

  @Needs('admin')
  @Mutation(() => DoneResult)
  setPersonRole(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('role') role: string,
  ): Promise<Done | Problem> {
    return done(() => this.service.setRole(viewer, id, role));
  }

  @Needs('admin')
  @Mutation(() => DoneResult, {
    description: 'Who is disabled is signed out everywhere, and their tokens open nothing.',
  })
  setPersonDisabled(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('disabled') disabled: boolean,
  ): Promise<Done | Problem> {
    return done(() => this.service.setDisabled(viewer, id, disabled));
  }

  @Needs('viewer')
  @Mutation(() => ApiTokenResult, { description: 'Of yourself, with your role or less.' })
  makeApiToken(
    @Context() { viewer }: ApiContext,
    @Args('name') name: string,
    @Args('role') role: string,
    @Args('days', { type: () => Int, nullable: true }) days?: number | null,
  ): Promise<ApiTokenMade | Problem> {
    return answered(() => this.service.makeToken(viewer, name, role, days ?? null));
  }

  @Needs('viewer')
  @Mutation(() => DoneResult, { description: 'Your own; an admin anybody’s.' })
  revokeApiToken(
    @Context() { viewer }: ApiContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Done | Problem> {
    return done(() => this.service.revokeToken(viewer, id));
  }
}
