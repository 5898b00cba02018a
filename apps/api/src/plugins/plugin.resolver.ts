import { PLUGIN_DEFAULT } from '#engine';
import { configFields, type LoadedPlugin } from '#host';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { House } from '../house.js';
import { Plugin, RefusedPlugin } from './plugin.types.js';

@Resolver()
export class PluginResolver {
  constructor(private readonly house: House) {}

  @Query(() => [Plugin])
  plugins(@Args('kind', { type: () => String, nullable: true }) kind?: string | null): Plugin[] {
    return this.house.plugins.loaded.filter(({ plugin }) => !kind || plugin.kind === kind).map(shown);
  }

  @Query(() => Plugin, { nullable: true })
  plugin(@Args('id', { type: () => ID }) id: string): Plugin | null {
    const found = this.house.plugins.find(id);
    return found ? shown(found) : null;
  }

  @Query(() => [RefusedPlugin])
  refusedPlugins(): readonly RefusedPlugin[] {
    return this.house.plugins.refused;
  }
}

function shown({ plugin, folder }: LoadedPlugin): Plugin {
  const { id, version, title, summary, sdk, permissions = [], needs } = plugin.manifest;
  return {
    id,
    kind: plugin.kind,
    version,
    title,
    summary,
    source: folder ?? 'built-in',
    sdk,
    scope: plugin.kind === 'strategy' ? plugin.scope : null,
    defaultMode: plugin.kind === 'strategy' ? PLUGIN_DEFAULT : null,
    permissions,
    needs: { models: needs?.models ?? [], news: needs?.news ?? false },
    fields: configFields(plugin.configSchema),
  };
}
