import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'A field of an entry of a list.' })
export class EntryField {
  @Field({ description: 'JSON pointer within the config.' }) path!: string;
  @Field({ description: 'string, number, integer, boolean, array or object.' }) type!: string;
  @Field() title!: string;
  @Field() description!: string;
  @Field(() => String, { nullable: true }) unit!: string | null;
  @Field(() => JsonScalar, { nullable: true }) default!: unknown;
  @Field(() => Float, { nullable: true }) minimum!: number | null;
  @Field(() => Float, { nullable: true }) maximum!: number | null;
  @Field(() => Float, { nullable: true }) step!: number | null;
  @Field(() => [JsonScalar], { nullable: true, description: 'What there is to choose from.' })
  enum!: readonly unknown[] | null;
}

@ObjectType({ description: 'A field of a config, made from the plugin’s schema: what a form needs.' })
export class ConfigField extends EntryField {
  @Field(() => [EntryField], {
    nullable: true,
    description: 'Of a list whose entries are objects: the fields of one entry, their paths within it.',
  })
  entry!: readonly EntryField[] | null;
}

@ObjectType()
export class PluginNeeds {
  @Field(() => [ID]) models!: readonly string[];
  @Field() news!: boolean;
}

@ObjectType()
export class Plugin {
  @Field(() => ID) id!: string;
  @Field({ description: 'venue, news, enricher, model, strategy or notifier.' }) kind!: string;
  @Field() version!: string;
  @Field() title!: string;
  @Field() summary!: string;
  @Field({ description: '“built-in”, or the folder it was loaded from.' }) source!: string;
  @Field({ description: 'Range of the contract it was written for.' }) sdk!: string;
  @Field(() => String, { nullable: true, description: 'What a strategy’s scope selects: markets, links or groups.' })
  scope!: string | null;
  @Field(() => String, { nullable: true, description: 'What a strategy may do where no enablement is set.' })
  defaultMode!: string | null;
  @Field(() => [String]) permissions!: readonly string[];
  @Field(() => PluginNeeds) needs!: PluginNeeds;
  @Field(() => [ConfigField]) fields!: readonly ConfigField[];
}

@ObjectType({ description: 'A plugin that was not loaded.' })
export class RefusedPlugin {
  @Field(() => String, { nullable: true }) folder!: string | null;
  @Field(() => ID, { nullable: true }) id!: string | null;
  @Field() reason!: string;
}
