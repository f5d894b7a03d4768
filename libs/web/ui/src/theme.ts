export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const THEME_KEY = 'binnacle.theme';

/**
 * Runs before the first paint, so that no wrong theme flashes. Kept as text because it stands in the page's head; follows the
 * system's choice for as long as the reader has not made one.
 */
export const THEME_SCRIPT = `(function(){var d=document.documentElement,m=matchMedia('(prefers-color-scheme: dark)');
function s(){var t=null;try{t=localStorage.getItem('${THEME_KEY}')}catch(e){}
d.dataset.theme=t==='light'||t==='dark'?t:m.matches?'dark':'light'}s();m.addEventListener('change',s);
addEventListener('storage',s);addEventListener('binnacle:theme',s)})()`;

/** Undefined where the browser keeps nothing, and says so by throwing. */
function inStorage<T>(act: (storage: Storage) => T): T | undefined {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}

export function readTheme(): Theme {
  const stored = inStorage((storage) => storage.getItem(THEME_KEY));
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function writeTheme(theme: Theme): void {
  inStorage((storage) => (theme === 'system' ? storage.removeItem(THEME_KEY) : storage.setItem(THEME_KEY, theme)));
  dispatchEvent(new Event('binnacle:theme'));
}
