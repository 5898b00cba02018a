import { UserProblem } from '#core';
import { createUnionType, Field, Float, ObjectType } from '@nestjs/graphql';

@ObjectType()
export class FieldProblem {
  @Field() path!: string;
  @Field() message!: string;
}

@ObjectType({ description: 'An error a person can act on; returned, never thrown.' })
export class Problem {
  @Field() message!: string;
  @Field(() => [FieldProblem]) fields!: readonly FieldProblem[];
}

@ObjectType()
export class ActDone {
  @Field(() => Float, { description: 'Place of the act on the tape: it is committed.' }) seq!: number;
}

export const ActResult = createUnionType({
  name: 'ActResult',
  types: () => [ActDone, Problem] as const,
  resolveType: (value: ActDone | Problem) => ('seq' in value ? ActDone : Problem),
});

/** What a person can mend comes back as a value; everything else stays an error. */
export async function answered<T>(act: () => Promise<T>): Promise<T | Problem> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UserProblem) return asProblem(error);
    throw error;
  }
}

export const asProblem = (problem: Pick<UserProblem, 'message' | 'fields'>): Problem => ({
  message: problem.message,
  fields: problem.fields,
});
