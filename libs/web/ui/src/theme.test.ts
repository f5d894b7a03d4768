// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readTheme, THEME_SCRIPT, writeTheme } from './theme.js';

let prefersDark = false;
const heard = new Set<() => void>();
beforeEach(() => {
  prefersDark = false;
  heard.clear();
  localStorage.clear();
  vi.stubGlobal('matchMedia', () => ({
    get matches() {
      return prefersDark;
    },
    addEventListener: (_: string, listener: () => void) => heard.add(listener),
  }));
});
afterEach(() => vi.unstubAllGlobals());

/** Runs as it does in the head of the page. */
const begin = () => new Function(THEME_SCRIPT)() as void;
const drawn = () => document.documentElement.dataset.theme;
function systemTurns(dark: boolean): void {
  prefersDark = dark;
  for (const listener of heard) listener();
}

test.each([
  [undefined, false, 'light'],
  [undefined, true, 'dark'],
  ['light', true, 'light'],
  ['dark', false, 'dark'],
  ['nonsense', true, 'dark'],
])('chosen %s, with a system that is dark: %s, the page is %s', (chosen, dark, theme) => {
  if (chosen) localStorage.setItem('binnacle.theme', chosen);
  prefersDark = dark;
  begin();
  expect(drawn()).toBe(theme);
});

test('the page follows the system until the reader chooses, and again when the choice is taken back', () => {
  begin();
  systemTurns(true);
  expect(drawn()).toBe('dark');
  writeTheme('light');
  expect([readTheme(), drawn()]).toEqual(['light', 'light']);
  systemTurns(true);
  expect(drawn()).toBe('light');
  writeTheme('system');
  expect([readTheme(), drawn()]).toEqual(['system', 'dark']);
  expect(localStorage).toHaveLength(0);
});

test('a choice made in another tab is followed', () => {
  begin();
  localStorage.setItem('binnacle.theme', 'dark');
  dispatchEvent(new StorageEvent('storage', { key: 'binnacle.theme' }));
  expect(drawn()).toBe('dark');
});

test('where the browser keeps nothing, the page has a theme all the same, and choosing one breaks nothing', () => {
  const refused = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refused, setItem: refused, removeItem: refused });
  begin();
  expect(drawn()).toBe('light');
  expect(readTheme()).toBe('system');
  expect(() => writeTheme('dark')).not.toThrow();
});
