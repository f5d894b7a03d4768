import { loadPage } from '../objects/navigate.js';
import { type Locale, LOCALE_COOKIE } from '../messages/index.js';

const YEAR_SECONDS = 365 * 24 * 3_600;

/** Remembers the language and shows the page in it. The server needs to know it, to write `lang` and the first words. */
export function writeLocale(locale: Locale): void {
  document.cookie = `${LOCALE_COOKIE}=${locale}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  void loadPage(() => window.location.reload());
}
