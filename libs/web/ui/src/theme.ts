export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
export const THEME_KEY = 'binnacle.theme';

/**
 * Runs before the first paint, so that no wrong theme flashes. Kept as text because it stands in the page's head; follows the
 * system's choice for as long as the reader has not made one.
 */
export const THEME_SCRIPT = `(function(){var d=document.documentElement,m=matchMedia('(prefers-color-scheme: dark)');
function s(){var t=null;try{t=localStorage.getItem('${THEME_KEY}')}catch(e){}
d.dataset.theme=t==='light'||t==='dark'?t:m.matches?'dark':'light'}s();m.addEventListener('change',s);
addEventListener('storage',s);addEventListener('binnacle:theme',s)})()`;

export function readTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function writeTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(THEME_KEY);
  else localStorage.setItem(THEME_KEY, theme);
  dispatchEvent(new Event('binnacle:theme'));
}
