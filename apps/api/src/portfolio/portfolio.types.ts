import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { HundredthsScalar, InstantScalar, JsonScalar, MicrosScalar } from '../graphql/scalars.js';

@ObjectType()
export class Position {
  @Field(() => ID) market!: string;
  @Field() title!: string;
  @Field() venue!: string;
  @Field() outcome!: string;
  @Field(() => HundredthsScalar) size!: number;
  @Field(() => MicrosScalar) cost!: number;
  @Field(() => MicrosScalar, { nullable: true }) mark!: number | null;
  @Field(() => MicrosScalar) value!: number;
}

@ObjectType()
export class LimitUse {
  @Field() rule!: string;
  @Field(() => Float) limit!: number;
  @Field(() => Float) use!: number;
  @Field(() => Float) headroom!: number;
  @Field() unit!: string;
  @Field() at!: string;
}

@ObjectType()
export class Account {
  @Field(() => ID) id!: string;
  @Field() title!: string;
  @Field() state!: string;
  @Field() stateReason!: string;
  @Field() killed!: boolean;
  @Field(() => [String], { description: 'Which switches are on: `house`, `account`, or both.' })
  killedBy!: readonly string[];
  @Field(() => MicrosScalar) cash!: number;
  @Field(() => MicrosScalar) reserved!: number;
  @Field(() => MicrosScalar) equity!: number;
  @Field(() => MicrosScalar) dayBase!: number;
  @Field(() => MicrosScalar) peak!: number;
  @Field(() => MicrosScalar) realised!: number;
  @Field(() => MicrosScalar, { description: 'Profit of complete sets that no result can change; not realised yet.' })
  lockedIn!: number;
  @Field(() => MicrosScalar, {
    description:
      'What complete sets are worth beyond the bids of their legs: equity is cash, the values of the positions and this.',
  })
  lockedOverBids!: number;
  @Field(() => MicrosScalar) fees!: number;
  @Field(() => [Position]) positions!: readonly Position[];
  @Field(() => [LimitUse]) limits!: readonly LimitUse[];
  @Field(() => JsonScalar) profile!: unknown;
}

@ObjectType()
export class EquityPoint {
  @Field(() => InstantScalar) at!: number;
  @Field(() => MicrosScalar) equity!: number;
}
