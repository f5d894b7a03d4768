'use client';

import { resourceId, useCluster, useLive, useLiveClient, type UnstructuredObject } from '@binnacle/web-data';
import { writeTheme } from '@binnacle/web-ui';
import {
  CirclePause,
  CircleUserRound,
  FilePlus2,
  FolderTree,
  Gauge,
  KeyRound,
  LayoutGrid,
  Moon,
  Sun,
  Waypoints,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useNavigation } from '../objects/navigate.js';
import type { ReactNode } from 'react';
import { usePageActions } from '../actions/page-actions.js';
import { pluralTitle } from '../objects/plural-title.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { chooseNamespace } from '../list/use-list-state.js';
import { usePages } from '../objects/use-pages.js';
import { iconOf } from './navigation.js';
import type { Findable, Findables } from './palette-rank.js';

/** A line of the palette. */
export interface PaletteEntry extends Findable {
  readonly id: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly aside?: string;
  /** Where it leads, for those who want another tab. */
  readonly href?: string;
  run(): void;
}

/** An entry's way to a page. */
export function leadingTo(href: string, go: (href: string) => void): Pick<PaletteEntry, 'href' | 'run'> {
  return { href, run: () => go(href) };
}

export type PaletteGroup = Findables<PaletteEntry>;

function useItems(id: string): readonly UnstructuredObject[] {
  return useLive(useQueryOf(id, {})).items;
}

/** What can be done to the object whose page is open. */
export function usePageActionGroup(): PaletteGroup {
  const t = useTranslations('rights');
  const { subject, actions } = usePageActions();
  const entries = actions.map(({ id, label, icon, run, refusal }) => ({
    id: `action ${id}`,
    names: [label.replace('…', ''), id],
    description: subject,
    icon,
    label,
    ...(refusal && { aside: t('notAllowed') }),
    run,
  }));
  return { heading: subject, entries };
}

export function usePageGroup(): PaletteGroup {
  const t = useTranslations();
  const router = useNavigation();
  const pages = usePages();
  const { resources } = useCluster();
  const page = (id: string, label: string, href: string, rest: Partial<PaletteEntry>): PaletteEntry => ({
    id: `page ${id}`,
    names: [label, id],
    icon: null,
    label,
    ...leadingTo(href, router.push),
    ...rest,
  });
  const kinds = resources.all
    .filter(({ verbs }) => verbs.includes('list'))
    .map((resource) => {
      const [id, title] = [resourceId(resource), pluralTitle(resource)];
      const Icon = iconOf(id);
      const names = [title, resource.resource, ...resource.shortNames];
      const rest = { names, description: resource.group, aside: resource.group, icon: <Icon aria-hidden="true" /> };
      return page(id, title, pages.list(resource), rest);
    });
  const overview = page('overview', t('nav.overview'), pages.overview(), { icon: <Gauge aria-hidden="true" /> });
  const all = page('kinds', t('nav.all'), pages.kinds(), { icon: <LayoutGrid aria-hidden="true" /> });
  const making = { names: [t('apply.open'), 'apply', 'create'], icon: <FilePlus2 aria-hidden="true" /> };
  const apply = page('apply', t('apply.open'), pages.apply(), making);
  const own = [
    page('who-can', t('access.whoCan'), pages.whoCan(), { icon: <KeyRound aria-hidden="true" /> }),
    page('may-do', t('access.mayDo'), pages.mayDo(), { icon: <KeyRound aria-hidden="true" /> }),
    page('reachability', t('reachability.title'), pages.reachability(), { icon: <Waypoints aria-hidden="true" /> }),
    page('account', t('account.title'), pages.account(), { icon: <CircleUserRound aria-hidden="true" /> }),
  ];
  return { heading: t('palette.pages'), entries: [overview, apply, ...kinds, all, ...own] };
}

export function useNamespaceGroup(): PaletteGroup {
  const t = useTranslations();
  const entry = (name: string, label: string, called: string): PaletteEntry => ({
    id: `namespace ${name}`,
    names: [called],
    description: 'namespace',
    icon: <FolderTree aria-hidden="true" />,
    label,
    run: () => chooseNamespace(name),
  });
  const all = t('top.allNamespaces');
  const each = useItems('namespaces').map(({ metadata: { name = '' } }) =>
    entry(name, t('palette.inNamespace', { namespace: name }), name),
  );
  return { heading: t('palette.namespaces'), entries: [entry('', all, all), ...each] };
}

export function useCommandGroup(): PaletteGroup {
  const t = useTranslations();
  const client = useLiveClient();
  const { paused } = client.connection.get();
  const pause = paused ? t('live.resume') : t('live.pause');
  const themes = [
    { theme: 'dark', name: t('top.themeDark'), icon: <Moon aria-hidden="true" /> },
    { theme: 'light', name: t('top.themeLight'), icon: <Sun aria-hidden="true" /> },
  ] as const;
  const pausing: PaletteEntry = {
    id: 'do pause',
    names: [pause, 'pause', 'resume'],
    icon: <CirclePause aria-hidden="true" />,
    label: pause,
    run: () => client.pause(!paused),
  };
  const theming = themes.map(({ theme, name, icon }) => ({
    id: `do theme ${theme}`,
    names: [t('top.theme'), name, theme],
    icon,
    label: `${t('top.theme')}: ${name}`,
    run: () => writeTheme(theme),
  }));
  return { heading: t('palette.actions'), entries: [pausing, ...theming] };
}
