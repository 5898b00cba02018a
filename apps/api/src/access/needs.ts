import { UserProblem } from '#core';
import type { Role } from '#data';
import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ApiContext } from '../graphql/context.js';

/** Metadata of a resolver's method: the least role that may call it. */
export const NEEDED_ROLE = 'arbintel:needed-role';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };
const ASK: Readonly<Record<Role, string>> = {
  viewer: 'sign in',
  operator: 'ask an operator or an admin to do this',
  admin: 'ask an admin to do this',
};

/** The least role that may call this. Without it a mutation is an operator's, and a query is for all who are signed in. */
export const Needs = (role: Role): MethodDecorator & ClassDecorator => SetMetadata(NEEDED_ROLE, role);

/** Why a role is not enough, `''` when it is. */
export const roleProblem = (has: Role, needs: Role): string =>
  RANK[has] >= RANK[needs] ? '' : `Your role, ${has}, is not enough for this; ${ASK[needs]}.`;

/** Looks at every operation, over HTTP and over sockets, before its resolver runs. */
@Injectable()
export class RoleGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    // Plain REST has its own gates: there nobody is known yet.
    if (context.getType<string>() !== 'graphql') return true;
    const operation = GqlExecutionContext.create(context);
    const said = Reflect.getMetadata(NEEDED_ROLE, context.getHandler()) as Role | undefined;
    const acts = operation.getInfo<GraphQLResolveInfo>().parentType.name === 'Mutation';
    const needs = said ?? (acts ? 'operator' : 'viewer');
    const { viewer } = operation.getContext<ApiContext>();
    const problem = roleProblem(viewer.role, needs);
    if (problem) throw new UserProblem(problem);
    return true;
  }
}
