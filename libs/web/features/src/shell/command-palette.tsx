'use client';

import { isModifiedClick } from '@binnacle/web-ui';
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog as Radix } from 'radix-ui';
import { type MouseEvent, useState } from 'react';
import {
  type PaletteEntry,
  type PaletteGroup,
  useCommandGroup,
  useNamespaceGroup,
  usePageActionGroup,
  usePageGroup,
} from './palette-entries.js';
import { type ObjectSearch, useObjectGroup } from './palette-objects.js';
import { findGroups } from './palette-rank.js';

/** More of one group than this is not walked through but typed for. */
const SHOWN_ENTRIES = 100;

const itemClass =
  'relative flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3';
const groupClass =
  '[&_[cmdk-group-heading]]:truncate [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3';

function usePaletteGroups(query: string): readonly [readonly PaletteGroup[], ObjectSearch] {
  const objects = useObjectGroup(query);
  const groups = [usePageActionGroup(), objects.group, usePageGroup(), useNamespaceGroup(), useCommandGroup()];
  return [findGroups(query, groups), objects];
}

/** A click for another tab is the browser's own; any other is the palette's. */
function leaveToBrowser(event: MouseEvent): void {
  if (isModifiedClick(event)) event.stopPropagation();
  else event.preventDefault();
}

function Label({ entry }: { entry: PaletteEntry }) {
  if (!entry.href) return <span className="truncate">{entry.label}</span>;
  return (
    <a href={entry.href} tabIndex={-1} onClick={leaveToBrowser} className="truncate after:absolute after:inset-0">
      {entry.label}
    </a>
  );
}

function Entry({ entry, onClose }: { entry: PaletteEntry; onClose: () => void }) {
  const run = () => {
    onClose();
    entry.run();
  };
  return (
    <Command.Item value={entry.id} onSelect={run} className={itemClass}>
      {entry.icon}
      <Label entry={entry} />
      {entry.aside && <span className="ml-auto max-w-2/5 shrink-0 truncate text-xs text-ink-3">{entry.aside}</span>}
    </Command.Item>
  );
}

/** Entries are found and put in order here, the best first; the list only walks over them. */
function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations('palette');
  const [query, setQuery] = useState('');
  const [groups, objects] = usePaletteGroups(query);
  return (
    // Ctrl K is the stroke that closes it again, not vi's for the line above.
    <Command label={t('title')} loop vimBindings={false} shouldFilter={false} className="flex min-h-0 flex-col">
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
        <Command.Empty className="px-3 py-8 text-center text-sm text-ink-3">
          {objects.searching ? t('searching') : t('empty', { query })}
        </Command.Empty>
        {groups.map(({ heading, entries }) => (
          <Command.Group key={heading} heading={heading} className={groupClass}>
            {entries.slice(0, SHOWN_ENTRIES).map((entry) => (
              <Entry key={entry.id} entry={entry} onClose={onClose} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
      {objects.more && <p className="border-t border-line px-4 py-2 text-xs text-ink-3">{t('more')}</p>}
      {objects.error && (
        <p role="status" className="border-t border-line px-4 py-2 text-xs text-error">
          {t('unsearched', { message: objects.error.message })}
        </p>
      )}
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
