import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly text: string;
}

/** Short answers to what a person just did. A failure stays until it is closed. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([]);
  let next = 1;

  function close(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }
  function done(text: string): void {
    const id = next++;
    notices.value = [...notices.value.slice(-2), { id, tone: 'done', text }];
    setTimeout(() => close(id), 4_000);
  }
  function failed(text: string): void {
    notices.value = [...notices.value.slice(-2), { id: next++, tone: 'failed', text }];
  }
  return { notices, done, failed, close };
});
