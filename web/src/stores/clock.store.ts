import { defineStore } from 'pinia';
import { ref } from 'vue';

/** The page's second hand: relative times read this instead of each keeping a timer. */
export const useClock = defineStore('clock', () => {
  const now = ref(Date.now());
  setInterval(() => (now.value = Date.now()), 1_000);
  return { now };
});
