import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useLoad } from '../api/live';
import { PluginsDocument, type PluginFieldsFragment } from '../generated/graphql';

/** What is loaded and what was refused. Both are settled when the server starts. */
export const usePlugins = defineStore('plugins', () => {
  const load = useLoad(
    PluginsDocument,
    () => ({}),
    (data) => data,
  );
  const plugins = computed<readonly PluginFieldsFragment[]>(() => load.data.value?.plugins ?? []);
  const strategies = computed(() => plugins.value.filter(({ kind }) => kind === 'strategy'));
  const refused = computed(() => load.data.value?.refusedPlugins ?? []);
  const find = (id: string): PluginFieldsFragment | undefined => plugins.value.find((plugin) => plugin.id === id);
  const titleOf = (id: string): string => find(id)?.title ?? id;
  return {
    plugins,
    strategies,
    refused,
    find,
    titleOf,
    error: load.error,
    loading: load.loading,
    refresh: load.refresh,
  };
});
