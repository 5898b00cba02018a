import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly text: string;
  /** Takes back what was done. */
  readonly undo?: () => void;
}

const READ_MS = 4_000;
/** Time to see that it was the wrong button. */
const UNDO_MS = 12_000;

/** Short answers to what a person just did. A failure stays until it is closed. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([]);
  let next = 1;

  function close(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }
  function done(text: string, undo?: () => void): void {
    const id = next++;
    const taken = undo && ((): void => (close(id), undo()));
    notices.value = [...notices.value.slice(-2), { id, tone: 'done', text, ...(taken ? { undo: taken } : {}) }];
    setTimeout(() => close(id), undo ? UNDO_MS : READ_MS);
  }
  function failed(text: string): void {
    notices.value = [...notices.value.slice(-2), { id: next++, tone: 'failed', text }];
  }
  return { notices, done, failed, close };
});
