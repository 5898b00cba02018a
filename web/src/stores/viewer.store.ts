import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { authState, signOut as postSignOut, type Viewer } from '../api/auth';

/** Who is signed in. Asked once per page load; the cookie itself is invisible to scripts. */
export const useViewer = defineStore('viewer', () => {
  const viewer = ref<Viewer | null>(null);
  const needsSetup = ref(false);
  const problem = ref('');
  const known = ref(false);
  const mayAct = computed(() => viewer.value !== null && viewer.value.role !== 'viewer');
  const isAdmin = computed(() => viewer.value?.role === 'admin');

  async function ask(): Promise<void> {
    const answer = await authState();
    if ('ok' in answer) {
      viewer.value = answer.ok.viewer;
      needsSetup.value = answer.ok.needsSetup;
      problem.value = '';
      known.value = true;
    } else {
      problem.value = answer.problem.message;
    }
  }

  /** A full page load afterwards leaves nothing of the sign-in behind. */
  async function signOut(): Promise<void> {
    await postSignOut();
    location.assign('/sign-in');
  }

  return { viewer, needsSetup, problem, known, mayAct, isAdmin, ask, signOut };
});
