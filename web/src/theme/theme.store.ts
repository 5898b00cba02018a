import { defineStore } from 'pinia';
import { computed, ref, watchEffect } from 'vue';
import { apply, themes, type ThemeName, type Tokens } from './tokens';

const KEY = 'arbintel.theme';

/** Follows the system until a person chooses; the choice is kept in this browser. */
export const useTheme = defineStore('theme', () => {
  const system = matchMedia('(prefers-color-scheme: light)');
  const systemName = ref<ThemeName>(system.matches ? 'light' : 'dark');
  system.addEventListener('change', (event) => (systemName.value = event.matches ? 'light' : 'dark'));

  const chosen = ref<ThemeName | null>(read());
  const name = computed<ThemeName>(() => chosen.value ?? systemName.value);
  const tokens = computed<Tokens>(() => themes[name.value]);
  watchEffect(() => apply(name.value, document.documentElement));

  /** `null` follows the system again. */
  function choose(theme: ThemeName | null): void {
    chosen.value = theme;
    try {
      if (theme === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // a browser that forbids storage keeps the choice for this page only
    }
  }
  const toggle = (): void => choose(name.value === 'dark' ? 'light' : 'dark');
  return { name, chosen, tokens, choose, toggle };
});

function read(): ThemeName | null {
  try {
    const saved = localStorage.getItem(KEY);
    return saved === 'dark' || saved === 'light' ? saved : null;
  } catch {
    return null;
  }
}
