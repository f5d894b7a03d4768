'use client';

import { objectKey, resourceId, useCluster, useLive, useLiveClient, type UnstructuredObject } from '@binnacle/web-data';
import { StatusGlyph, writeTheme } from '@binnacle/web-ui';
import { Command } from 'cmdk';
import { CirclePause, FolderTree, Gauge, LayoutGrid, Moon, Search, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useMemo, useState } from 'react';
import { kindView } from '../kinds/kind-views.js';
import { pluralTitle } from '../list/plural-title.js';
import { useQueryOf } from '../list/related-table.js';
import { statusOf } from '../list/use-columns.js';
import { replaceParams } from '../list/use-list-state.js';
import { usePages } from '../objects/use-pages.js';
import { NAVIGATION, OTHER_KIND_ICON } from './navigation.js';

/** Kinds whose objects are found by name from anywhere. */
const SEARCHED = ['pods', 'deployments.apps', 'services', 'nodes'] as const;
const SHOWN_OBJECTS = 12;
const ICONS = new Map(NAVIGATION.flatMap(({ items }) => items.map(({ id, icon }) => [id, icon] as const)));

const itemClass =
  'flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3';
const groupClass =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3';

function useItems(id: string): readonly UnstructuredObject[] {
  return useLive(useQueryOf(id, {})).items;
}

/** Objects whose name contains every word. */
function useObjects(query: string): readonly UnstructuredObject[] {
  const [pods, deployments, services, nodes] = SEARCHED.map(useItems);
  return useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const fits = (object: UnstructuredObject) => {
      const text = `${object.kind} ${objectKey(object)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    return [deployments, services, nodes, pods].flatMap((items) => (items ?? []).filter(fits)).slice(0, SHOWN_OBJECTS);
  }, [query, pods, deployments, services, nodes]);
}

function Entry(props: { value: string; onSelect: () => void; children: ReactNode; force?: boolean }) {
  return (
    <Command.Item value={props.value} onSelect={props.onSelect} forceMount={props.force ?? false} className={itemClass}>
      {props.children}
    </Command.Item>
  );
}

function ObjectEntries({ query, go }: { query: string; go: (href: string | undefined) => void }) {
  const t = useTranslations('palette');
  const pages = usePages();
  const { resources } = useCluster();
  const objects = useObjects(query);
  if (objects.length === 0) return null;
  return (
    <Command.Group heading={t('objects')} className={groupClass} forceMount>
      {objects.map((object) => {
        const resource = resources.of(object);
        const status = resource && statusOf(kindView(resourceId(resource)), object);
        const Icon = (resource && ICONS.get(resourceId(resource))) ?? OTHER_KIND_ICON;
        return (
          <Entry
            key={object.metadata.uid ?? objectKey(object)}
            value={`${object.kind} ${objectKey(object)}`}
            onSelect={() => go(pages.object(object))}
            force
          >
            {status ? <StatusGlyph tone={status.tone} /> : <Icon aria-hidden="true" />}
            <span className="truncate">{object.metadata.name}</span>
            <span className="ml-auto pl-3 text-xs whitespace-nowrap text-ink-3">
              {object.kind}
              {object.metadata.namespace && ` · ${object.metadata.namespace}`}
            </span>
          </Entry>
        );
      })}
    </Command.Group>
  );
}

function PageEntries({ go }: { go: (href: string) => void }) {
  const t = useTranslations();
  const pages = usePages();
  const { resources } = useCluster();
  const listed = resources.all.filter(({ verbs }) => verbs.includes('list'));
  return (
    <Command.Group heading={t('palette.pages')} className={groupClass}>
      <Entry value={`${t('nav.overview')} overview`} onSelect={() => go(pages.overview())}>
        <Gauge aria-hidden="true" />
        {t('nav.overview')}
      </Entry>
      {listed.map((resource) => {
        const id = resourceId(resource);
        const Icon = ICONS.get(id) ?? OTHER_KIND_ICON;
        return (
          <Entry
            key={id}
            value={`${pluralTitle(resource)} ${id} ${resource.shortNames.join(' ')}`}
            onSelect={() => go(pages.list(resource))}
          >
            <Icon aria-hidden="true" />
            {pluralTitle(resource)}
            <span className="ml-auto text-xs text-ink-3">{resource.group}</span>
          </Entry>
        );
      })}
      <Entry value={`${t('nav.all')} kinds`} onSelect={() => go(pages.kinds())}>
        <LayoutGrid aria-hidden="true" />
        {t('nav.all')}
      </Entry>
    </Command.Group>
  );
}

function OtherEntries({ done }: { done: () => void }) {
  const t = useTranslations();
  const client = useLiveClient();
  const namespaces = useItems('namespaces');
  const { paused } = client.connection.get();
  const act = (run: () => void) => () => {
    run();
    done();
  };
  return (
    <>
      <Command.Group heading={t('palette.namespaces')} className={groupClass}>
        <Entry value={`namespace ${t('top.allNamespaces')}`} onSelect={act(() => replaceParams({ ns: '', sel: '' }))}>
          <FolderTree aria-hidden="true" />
          {t('top.allNamespaces')}
        </Entry>
        {namespaces.slice(0, 200).map(({ metadata: { name = '' } }) => (
          <Entry key={name} value={`namespace ${name}`} onSelect={act(() => replaceParams({ ns: name, sel: '' }))}>
            <FolderTree aria-hidden="true" />
            {t('palette.inNamespace', { namespace: name })}
          </Entry>
        ))}
      </Command.Group>
      <Command.Group heading={t('palette.actions')} className={groupClass}>
        <Entry value={`${t('live.pause')} pause live`} onSelect={act(() => client.pause(!paused))}>
          <CirclePause aria-hidden="true" />
          {paused ? t('live.resume') : t('live.pause')}
        </Entry>
        <Entry value={`${t('top.themeDark')} dark theme`} onSelect={act(() => writeTheme('dark'))}>
          <Moon aria-hidden="true" />
          {`${t('top.theme')}: ${t('top.themeDark')}`}
        </Entry>
        <Entry value={`${t('top.themeLight')} light theme`} onSelect={act(() => writeTheme('light'))}>
          <Sun aria-hidden="true" />
          {`${t('top.theme')}: ${t('top.themeLight')}`}
        </Entry>
      </Command.Group>
    </>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations('palette');
  const router = useRouter();
  const [query, setQuery] = useState('');
  const go = (href: string | undefined) => {
    onClose();
    if (href) router.push(href);
  };
  return (
    <Command label={t('title')} loop className="flex min-h-0 flex-col">
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search className="size-4 text-ink-3" aria-hidden="true" />
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={t('placeholder')}
          className="h-12 flex-1 bg-transparent text-base outline-none"
        />
      </div>
      <Command.List className="max-h-[52vh] min-h-0 overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-8 text-center text-sm text-ink-3">{t('empty', { query })}</Command.Empty>
        <ObjectEntries query={query} go={go} />
        <PageEntries go={go} />
        <OtherEntries done={onClose} />
      </Command.List>
    </Command>
  );
}

/** Finds kinds, objects, namespaces and commands. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations('palette');
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="enter fixed top-[10vh] left-1/2 z-40 flex w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-lg bg-raised shadow-pop"
        >
          <Radix.Title className="sr-only">{t('title')}</Radix.Title>
          <Palette onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
