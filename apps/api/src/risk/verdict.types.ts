import { createUnionType, Field, Float, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { HundredthsScalar, InstantScalar, MicrosScalar } from '../graphql/scalars.js';

@InputType()
export class OrderLegInput {
  @Field(() => ID) market!: string;
  @Field({ description: 'yes or no.' }) outcome!: string;
  @Field({ description: 'buy or sell.' }) action!: string;
  @Field(() => HundredthsScalar) size!: number;
  @Field(() => MicrosScalar, { description: 'Price of the outcome.' }) limit!: number;
}

@InputType({ description: 'An order that nobody sends.' })
export class OrderQuestionInput {
  @Field(() => ID) account!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'With its tightened limits, its models’ fair values and its mode; null asks the account alone.',
  })
  workflow?: string | null;
  @Field(() => [OrderLegInput]) legs!: OrderLegInput[];
  @Field({ defaultValue: 'opening', description: 'opening, or hedge: it would stand in for a leg that fell short.' })
  as!: string;
}

@ObjectType()
export class RuleVerdict {
  @Field(() => ID) rule!: string;
  @Field() refuses!: boolean;
  @Field({ description: 'A sentence with the numbers in it.' }) message!: string;
  @Field(() => Float, { nullable: true }) limit!: number | null;
  @Field(() => Float, { nullable: true }) use!: number | null;
  @Field(() => Float, { nullable: true }) asked!: number | null;
  @Field(() => Float, { nullable: true, description: 'What is left before this order.' }) headroom!: number | null;
  @Field() unit!: string;
}

@ObjectType()
export class OrderLegCost {
  @Field(() => ID) market!: string;
  @Field() title!: string;
  @Field(() => MicrosScalar, { nullable: true, description: 'When all of it trades at the limit.' })
  fee!: number | null;
  @Field(() => MicrosScalar, { nullable: true, description: 'What would be reserved, fee included.' })
  debit!: number | null;
  @Field(() => MicrosScalar, { nullable: true, description: 'Best price on the side it takes; null: nobody offers.' })
  best!: number | null;
  @Field(() => HundredthsScalar, { description: 'Offered at the limit or better.' }) depth!: number;
}

@ObjectType({ description: 'What the gate would say of an order on the committed state as of `seq`.' })
export class OrderVerdict {
  @Field(() => Float) seq!: number;
  @Field(() => InstantScalar) at!: number;
  @Field() goes!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'What the workflow may do at these markets: off, shadow or paper.',
  })
  mode!: string | null;
  @Field(() => [RuleVerdict], { description: 'In the order in which they are asked.' })
  rules!: readonly RuleVerdict[];
  @Field(() => [OrderLegCost]) legs!: readonly OrderLegCost[];
}

export const OrderVerdictResult = createUnionType({
  name: 'OrderVerdictResult',
  types: () => [OrderVerdict, Problem] as const,
  resolveType: (value: OrderVerdict | Problem) => ('goes' in value ? OrderVerdict : Problem),
});
