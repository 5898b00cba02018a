import { createUnionType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { InstantScalar, JsonScalar } from '../graphql/scalars.js';

@ObjectType()
export class Person {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field({ description: 'viewer, operator or admin.' }) role!: string;
  @Field(() => InstantScalar) createdAt!: number;
  @Field(() => InstantScalar, { nullable: true, description: 'Since when they may not sign in.' })
  disabledAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) lastSeenAt!: number | null;
}

@ObjectType({ description: 'A one-time link that nobody used yet.' })
export class Invite {
  @Field(() => ID) id!: string;
  @Field() role!: string;
  @Field() by!: string;
  @Field(() => InstantScalar) createdAt!: number;
  @Field(() => InstantScalar) expiresAt!: number;
}

@ObjectType()
export class InviteMade {
  @Field(() => ID) id!: string;
  @Field({ description: 'Path of the link; shown this once.' }) path!: string;
  @Field(() => InstantScalar) expiresAt!: number;
}

@ObjectType({
  description: 'A key for a program: acts for its person, with its own role or theirs, whichever is less.',
})
export class ApiToken {
  @Field(() => ID) id!: string;
  @Field() name!: string;
  @Field() role!: string;
  @Field({ description: 'Whose it is.' }) person!: string;
  @Field(() => InstantScalar) createdAt!: number;
  @Field(() => InstantScalar, { nullable: true }) expiresAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) lastSeenAt!: number | null;
}

@ObjectType()
export class ApiTokenMade {
  @Field(() => ID) id!: string;
  @Field({ description: 'Goes into the header `Authorization: Bearer …`; shown this once, stored only as a hash.' })
  token!: string;
}

@ObjectType({ description: 'A line of the audit log, which only ever grows.' })
export class AuditLine {
  @Field(() => Int) id!: number;
  @Field(() => InstantScalar) at!: number;
  @Field() by!: string;
  @Field() action!: string;
  @Field() target!: string;
  @Field(() => JsonScalar, { nullable: true }) detail!: unknown;
}

@ObjectType()
export class AuditPage {
  @Field(() => [AuditLine]) items!: readonly AuditLine[];
  @Field(() => String, { nullable: true }) endCursor!: string | null;
  @Field() hasNextPage!: boolean;
}

@ObjectType({ description: 'The chain of hashes, computed anew from the first line to the last.' })
export class AuditCheck {
  @Field() whole!: boolean;
  @Field(() => Int) lines!: number;
  @Field(() => Int, { nullable: true, description: 'The first line that does not fit.' }) brokenAt!: number | null;
  @Field({ description: 'Hash of the newest line: noted elsewhere, it shows later that none was cut off the end.' })
  head!: string;
}

const either = <T extends object>(name: string, made: new () => T) =>
  createUnionType({
    name,
    types: () => [made, Problem] as const,
    resolveType: (value: T | Problem) => ('message' in value ? Problem : made),
  });
export const InviteResult = either('InviteResult', InviteMade);
export const ApiTokenResult = either('ApiTokenResult', ApiTokenMade);
