import type { Type } from '@nestjs/common';
import { Field, ID, ObjectType } from '@nestjs/graphql';

/** What lists that are followed are sent, whatever their rows are: `Changes` of row-feed.ts. */
export function changesOf<Row>(row: Type<Row>) {
  @ObjectType({ isAbstract: true })
  abstract class RowChanges {
    @Field({ description: 'Everything there is: what is not among it is gone. The first answer, and nothing later.' })
    whole!: boolean;
    @Field(() => [row], { description: 'As they are now, the newest of each.' }) rows!: readonly Row[];
    @Field(() => [ID], { description: 'Those that are no more.' }) gone!: readonly string[];
  }
  return RowChanges;
}
