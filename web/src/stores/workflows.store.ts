import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useFeed, useLoad } from '../api/live';
import { WorkflowsDocument, WorkflowsFeedDocument, type WorkflowFieldsFragment } from '../generated/graphql';
import { mergeById } from './merge';

export const useWorkflows = defineStore('workflows', () => {
  const load = useLoad(
    WorkflowsDocument,
    () => ({}),
    (data) => data.workflows,
  );
  useFeed(
    WorkflowsFeedDocument,
    () => ({}),
    (data) => {
      load.data.value = mergeById(load.data.value ?? [], data.workflows);
      load.loading.value = false;
    },
  );
  const workflows = computed<readonly WorkflowFieldsFragment[]>(() => load.data.value ?? []);
  const titleOf = (id: string): string => workflows.value.find((workflow) => workflow.id === id)?.title ?? id;
  return { workflows, titleOf, error: load.error, loading: load.loading };
});
