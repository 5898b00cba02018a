import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useFeed, useLoad } from '../api/live';
import { AccountsDocument, AccountsFeedDocument, type AccountFieldsFragment } from '../generated/graphql';
import { mergeById } from './merge';

/** Paper accounts with positions and limits, live. */
export const useAccounts = defineStore('accounts', () => {
  const load = useLoad(
    AccountsDocument,
    () => ({}),
    (data) => data.accounts,
  );
  useFeed(
    AccountsFeedDocument,
    () => ({}),
    (data) => {
      load.data.value = mergeById(load.data.value ?? [], data.accounts);
      load.loading.value = false;
    },
  );
  const accounts = computed<readonly AccountFieldsFragment[]>(() => load.data.value ?? []);
  /** The switch of the whole house. One account's own switch is shown with the account. */
  const killed = computed(() => accounts.value.some((account) => account.killedBy.includes('house')));
  const halted = computed(() => accounts.value.filter((account) => account.state === 'HALTED'));
  return { accounts, killed, halted, error: load.error, loading: load.loading };
});
