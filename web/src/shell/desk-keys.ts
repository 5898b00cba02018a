import { onBeforeUnmount, onMounted, ref } from 'vue';
import { PLACES } from './places';

const STORED = 'arbintel.keys';
/** So long `g` waits for the letter of a place, ms. */
const PATIENCE = 1_200;

/** Single letters may be in the way of dictation and of assistive keys: whoever needs to turns them off, in this browser. */
export const keysOn = ref(read());
export function turnKeys(on: boolean): void {
  keysOn.value = on;
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // a browser that forbids storage keeps the choice for this page only
  }
}
function read(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export interface DeskKeys {
  goTo(path: string): void;
  find(): void;
  help(): void;
}

/** `g` and a letter go to a place, `/` and Ctrl+K find, `?` explains. Never while a person types or a dialog is open. */
export function useDeskKeys(keys: DeskKeys): void {
  let waiting = 0;
  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector('[aria-modal="true"]')) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      keys.find();
      return;
    }
    if (!keysOn.value || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const place = event.timeStamp - waiting < PATIENCE ? PLACES.find(({ key }) => key === event.key) : undefined;
    waiting = event.key === 'g' ? event.timeStamp : 0;
    if (place) keys.goTo(place.to);
    else if (event.key === '/') keys.find();
    else if (event.key === '?') keys.help();
    else return;
    event.preventDefault();
  }
  onMounted(() => addEventListener('keydown', onKey));
  onBeforeUnmount(() => removeEventListener('keydown', onKey));
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)));
