import type { ITheme } from '@xterm/xterm';

/** The screen's own letters and ground in hexadecimal, which is what it reads; contrast is its own affair. */
const LIGHT: ITheme = {
  background: '#f2f4f7',
  foreground: '#1d232c',
  cursor: '#2159b8',
  cursorAccent: '#ffffff',
  selectionBackground: '#2159b83d',
  black: '#1d232c',
  red: '#b3321c',
  green: '#0d6e4f',
  yellow: '#8a5a00',
  blue: '#2159b8',
  magenta: '#8a3a9c',
  cyan: '#0c6c7c',
  white: '#5b6472',
  brightBlack: '#5b6472',
  brightRed: '#b3321c',
  brightGreen: '#0d6e4f',
  brightYellow: '#8a5a00',
  brightBlue: '#2159b8',
  brightMagenta: '#8a3a9c',
  brightCyan: '#0c6c7c',
  brightWhite: '#1d232c',
};

const DARK: ITheme = {
  background: '#0b0e13',
  foreground: '#e8ebf0',
  cursor: '#7fb2ff',
  cursorAccent: '#0b0e13',
  selectionBackground: '#7fb2ff4d',
  black: '#2b3038',
  red: '#ff7d68',
  green: '#4fd3a4',
  yellow: '#f0c45c',
  blue: '#7fb2ff',
  magenta: '#d79bf0',
  cyan: '#62cfe0',
  white: '#c4cad4',
  brightBlack: '#8d96a5',
  brightRed: '#ff9d8c',
  brightGreen: '#7fe3bf',
  brightYellow: '#f7d88c',
  brightBlue: '#a8caff',
  brightMagenta: '#e5bff6',
  brightCyan: '#95e0ec',
  brightWhite: '#ffffff',
};

export function screenTheme(): ITheme {
  return document.documentElement.dataset['theme'] === 'dark' ? DARK : LIGHT;
}

/** Runs `change` whenever the page becomes light or dark. Answers how to stop that. */
export function onThemeChange(change: () => void): () => void {
  const observer = new MutationObserver(change);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
