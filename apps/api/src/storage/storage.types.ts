import { createUnionType, Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from '../graphql/problem.types.js';
import { InstantScalar } from '../graphql/scalars.js';

@ObjectType()
export class StoredTable {
  @Field() name!: string;
  @Field(() => Float, { description: 'An estimate, not a count.' }) rows!: number;
  @Field(() => Float) bytes!: number;
  @Field(() => Int, { description: 'Partitions or chunks.' }) parts!: number;
  @Field(() => Int) compressedParts!: number;
  @Field(() => Float, { description: 'What the compressed parts took before.' }) bytesBefore!: number;
  @Field(() => Float, { description: 'What the compressed parts take now.' }) bytesAfter!: number;
  @Field(() => Float, { nullable: true }) ratio!: number | null;
  @Field(() => InstantScalar, { nullable: true }) oldestAt!: number | null;
  @Field(() => InstantScalar, { nullable: true }) newestAt!: number | null;
  @Field(() => Int, { nullable: true, description: 'Null: for ever.' }) keepDays!: number | null;
  @Field(() => Int, { nullable: true, description: 'Hours after the end of a part; null: never.' })
  compressHours!: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Where retention has cut.' }) droppedBefore!:
    | number
    | null;
  @Field() mayDrop!: boolean;
  @Field({ description: 'Whether this layout compresses this table at all.' }) mayCompress!: boolean;
}

@ObjectType()
export class Storage {
  @Field() layout!: string;
  @Field(() => String, { nullable: true, description: 'What was found when storage was laid out.' }) why!:
    | string
    | null;
  @Field(() => [StoredTable]) tables!: readonly StoredTable[];
}

@ObjectType({ description: 'What a retention would remove, were it in force now.' })
export class StorageDrop {
  @Field(() => Int) parts!: number;
  @Field(() => Float) bytes!: number;
  @Field(() => InstantScalar, { nullable: true }) from!: number | null;
  @Field(() => InstantScalar, { nullable: true }) to!: number | null;
}

@ObjectType()
export class CoverageDay {
  @Field(() => InstantScalar, { description: 'Start of the UTC day.' }) at!: number;
  @Field(() => Float) trustedMs!: number;
  @Field(() => Float) gapMs!: number;
  @Field(() => Float) silentMs!: number;
  @Field(() => Int, { description: 'Times that trust was lost.' }) losses!: number;
}

export const StorageDropResult = createUnionType({
  name: 'StorageDropResult',
  types: () => [StorageDrop, Problem] as const,
  resolveType: (value: StorageDrop | Problem) => ('parts' in value ? StorageDrop : Problem),
});

export const StoredTableResult = createUnionType({
  name: 'StoredTableResult',
  types: () => [StoredTable, Problem] as const,
  resolveType: (value: StoredTable | Problem) => ('parts' in value ? StoredTable : Problem),
});
