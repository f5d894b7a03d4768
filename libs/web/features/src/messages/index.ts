import type { useTranslations } from 'next-intl';
import { en, type Messages } from './en.js';
import { zhCn } from './zh-cn.js';

declare module 'next-intl' {
  interface AppConfig {
    Messages: typeof en;
    Locale: Locale;
  }
}

export type Locale = 'en' | 'zh-CN';

export const LOCALES: readonly Locale[] = ['en', 'zh-CN'];
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', 'zh-CN': '简体中文' };
export const LOCALE_COOKIE = 'binnacle_locale';

export const MESSAGES: Readonly<Record<Locale, Messages>> = { en, 'zh-CN': zhCn };

/** Translates any key; what components get from `useTranslations()`. */
export type Translate = ReturnType<typeof useTranslations<never>>;

/** The reader's choice if there is one, else the first language of the browser that we speak. */
export function chooseLocale(chosen: string | undefined, acceptLanguage: string | null): Locale {
  const known = LOCALES.find((locale) => locale === chosen);
  if (known) return known;
  const wanted = (acceptLanguage ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  const first = wanted.find((entry) => entry.startsWith('zh') || entry.startsWith('en'));
  return first?.startsWith('zh') ? 'zh-CN' : 'en';
}
