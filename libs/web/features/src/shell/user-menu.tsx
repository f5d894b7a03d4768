'use client';

import { keepViewedAs, pages, type Session, signOut, UnreachableError } from '@binnacle/web-data';
import {
  Menu,
  MenuItem,
  MenuLabel,
  MenuSeparator,
  readTheme,
  showToast,
  type Theme,
  THEMES,
  writeTheme,
} from '@binnacle/web-ui';
import { CircleUserRound, Glasses, Keyboard, LogOut, Monitor, Moon, Sun, UserRoundCog } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { writeLocale } from '../app/preferences.js';
import { LOCALE_NAMES, LOCALES } from '../messages/index.js';
import { loadPage } from '../objects/navigate.js';
import { Link } from '../objects/link.js';
import { usePages } from '../objects/use-pages.js';
import { ViewAsDialog } from '../actions/people/view-as-dialog.js';
import { drafts } from '../yaml/drafts.js';

const ICONS = { system: <Monitor />, light: <Sun />, dark: <Moon /> };
const LABELS = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;

function ThemeItems() {
  const t = useTranslations('top');
  const [theme, setTheme] = useState<Theme>(readTheme);
  return THEMES.map((choice) => (
    <MenuItem
      key={choice}
      icon={ICONS[choice]}
      checked={theme === choice}
      onSelect={() => {
        writeTheme(choice);
        setTheme(choice);
      }}
    >
      {t(LABELS[choice])}
    </MenuItem>
  ));
}

/** Answers false where nobody could be told: the session goes on then, and the page stays. */
async function leave(): Promise<boolean> {
  try {
    await signOut();
  } catch (error) {
    // Whatever else the server says, there is no session left to end.
    if (error instanceof UnreachableError) return false;
  }
  drafts.forgetAll();
  keepViewedAs(undefined);
  // A fresh page, so that nothing of this session stays in memory.
  return loadPage(() => drafts.leave(() => window.location.assign(pages.signIn())));
}

/** Who is signed in, and how the dashboard looks and speaks. */
export function UserMenu({ session, onHelp }: { session: Session; onHelp: () => void }) {
  const t = useTranslations('top');
  const account = useTranslations('account');
  const viewAs = useTranslations('viewAs');
  const locale = useLocale();
  const accountPage = usePages().account();
  const [viewing, setViewing] = useState(false);
  const trigger = (
    <button
      type="button"
      aria-label={t('account', { user: session.user })}
      className="flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <CircleUserRound className="size-4.5" aria-hidden="true" />
    </button>
  );
  const menu = (
    <Menu trigger={trigger}>
      <MenuLabel>
        <span className="block max-w-52 truncate text-sm font-medium text-ink">
          {session.displayName || session.user}
        </span>
        <span className="block max-w-52 truncate">
          {session.groups.filter((group) => group !== 'system:authenticated').join(', ')}
        </span>
      </MenuLabel>
      <MenuSeparator />
      <MenuItem icon={<UserRoundCog />} link={<Link href={accountPage} />}>
        {account('title')}
      </MenuItem>
      <MenuItem icon={<Glasses />} onSelect={() => setViewing(true)}>
        {viewAs('open')}
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>{t('theme')}</MenuLabel>
      <ThemeItems />
      <MenuSeparator />
      <MenuLabel>{t('language')}</MenuLabel>
      {LOCALES.map((choice) => (
        <MenuItem key={choice} checked={choice === locale} onSelect={() => writeLocale(choice)}>
          <span lang={choice}>{LOCALE_NAMES[choice]}</span>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem icon={<Keyboard />} onSelect={onHelp}>
        {t('help')}
      </MenuItem>
      <MenuItem
        icon={<LogOut />}
        onSelect={() => void leave().then((left) => left || showToast({ tone: 'error', text: t('cannotSignOut') }))}
      >
        {t('signOut')}
      </MenuItem>
    </Menu>
  );
  return (
    <>
      {menu}
      {viewing && <ViewAsDialog onClose={() => setViewing(false)} />}
    </>
  );
}
