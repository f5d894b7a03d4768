'use client';

import { type Session, useCluster, useLiveClient } from '@binnacle/web-data';
import { cx, IconButton, Kbd, type Shortcuts, useShortcuts } from '@binnacle/web-ui';
import { Menu as MenuIcon, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useNavigation } from '../objects/navigate.js';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { DrainBars } from '../drain/drain-bar.js';
import { loadLate } from '../known/late.js';
import { usePages } from '../objects/use-pages.js';
import { MissingRightDialog } from '../rights/missing-right-dialog.js';
import { SessionDialog } from '../sign-in/session-dialog.js';
import { Dock } from '../terminal/dock.js';
import { Breadcrumb } from './breadcrumb.js';
import { CommandPalette } from './command-palette.js';
import { ConnectionBar } from './connection-bar.js';
import { HelpDialog, modKey } from './help-dialog.js';
import { LiveIndicator } from './live-indicator.js';
import { NamespacePicker } from './namespace-picker.js';
import { NAVIGATION } from './navigation.js';
import { PastBar } from './past-bar.js';
import { RouteAnnouncer } from './route-announcer.js';
import { Sidebar } from './sidebar.js';
import { UserMenu } from './user-menu.js';

function useGoKeys(): Shortcuts {
  const router = useNavigation();
  const pages = usePages();
  const { resources } = useCluster();
  const live = useLiveClient();
  const kinds = NAVIGATION.flatMap(({ items }) =>
    items.flatMap(({ id, key }) => {
      const resource = resources.byId(id);
      return key && resource ? [[`g ${key}`, () => router.push(pages.list(resource))] as const] : [];
    }),
  );
  return {
    ...Object.fromEntries(kinds),
    // One map for both: after `g` a letter leads somewhere and does nothing else.
    p: () => live.pause(!live.connection.get().paused),
    'g o': () => router.push(pages.overview()),
    'g a': () => router.push(pages.kinds()),
    'g y': () => router.push(pages.apply()),
  };
}

function SearchButton({ onOpen }: { onOpen: () => void }) {
  const t = useTranslations('top');
  const [mod, setMod] = useState('');
  useEffect(() => setMod(modKey()), []);
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex h-8 items-center gap-2 rounded-md px-2 text-sm text-ink-3 hover:bg-hover hover:text-ink lg:w-60 lg:bg-surface lg:shadow-[inset_0_0_0_1px_var(--line)]"
    >
      <Search className="size-4" aria-hidden="true" />
      <span className="flex-1 truncate text-left max-lg:sr-only">{t('search')}</span>
      {mod && (
        <span aria-hidden="true" className="max-lg:hidden">
          <Kbd keys={`${mod} K`} />
        </span>
      )}
    </button>
  );
}

function NavigationDrawer() {
  const t = useTranslations();
  const [open, setOpen] = useState(false);
  const pathname = usePathname();
  useEffect(() => setOpen(false), [pathname]);
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <IconButton label={t('nav.open')} className="md:hidden" onClick={() => setOpen(true)}>
        <MenuIcon aria-hidden="true" />
      </IconButton>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-40 w-64 bg-canvas shadow-pop"
          onClick={(event) => {
            if ((event.target as Element).closest('a')) setOpen(false);
          }}
        >
          <Radix.Title className="sr-only">{t('nav.label')}</Radix.Title>
          <Sidebar />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** By then the first page has what it needs. */
const LATE_MILLISECONDS = 1_500;

/** The frame of every page within a cluster. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const t = useTranslations('app');
  const [open, setOpen] = useState<'palette' | 'help'>();
  const close = () => setOpen(undefined);
  useEffect(() => {
    const timer = setTimeout(loadLate, LATE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  useShortcuts({
    ...useGoKeys(),
    '?': () => setOpen('help'),
    'mod+k': () => setOpen(open === 'palette' ? undefined : 'palette'),
  });
  return (
    <div className="flex h-[calc(100dvh-var(--bar,0px))] overflow-hidden">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 text-sm font-medium text-accent-ink focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <aside className="w-56 shrink-0 border-r border-line max-md:hidden">
        <Sidebar />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-2 md:pr-3 md:pl-5">
          <NavigationDrawer />
          <Breadcrumb />
          <span className={cx('flex-1 md:hidden')} />
          <NamespacePicker />
          <SearchButton onOpen={() => setOpen('palette')} />
          <LiveIndicator />
          <UserMenu session={session} onHelp={() => setOpen('help')} />
        </header>
        <PastBar />
        <DrainBars />
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          {children}
        </main>
        <Dock />
        <ConnectionBar />
      </div>
      <RouteAnnouncer />
      <CommandPalette open={open === 'palette'} onClose={close} />
      <SessionDialog session={session} />
      <MissingRightDialog />
      <HelpDialog open={open === 'help'} onClose={close} />
    </div>
  );
}
