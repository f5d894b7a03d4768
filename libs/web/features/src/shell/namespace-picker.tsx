'use client';

import { type Knowledge, useCluster, useKnowledge, useLive } from '@binnacle/web-data';
import { compareValues, cx } from '@binnacle/web-ui';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { Popover } from 'radix-ui';
import { useMemo, useRef, useState } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { chooseNamespace } from '../list/use-list-state.js';

const ROW = 32;

function useNamespaces(): { readonly names: readonly string[]; readonly knowledge: Knowledge } {
  const view = useLive(useQueryOf('namespaces', {}));
  const names = useMemo(() => view.items.map(({ metadata }) => metadata.name ?? '').sort(compareValues), [view.items]);
  return { names, knowledge: useKnowledge(view) };
}

interface OptionsProps {
  readonly names: readonly string[];
  readonly knowledge: Knowledge;
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** A list that stays quick with twenty thousand namespaces. */
function Options({ names, knowledge, chosen, onChoose }: OptionsProps) {
  const t = useTranslations('top');
  const known = useTranslations();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const matching = names.filter((name) => name.includes(query.trim().toLowerCase()));
    return query ? matching : ['', ...matching];
  }, [names, query]);
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
  });
  const move = (by: number) => {
    const next = Math.min(Math.max(active + by, 0), found.length - 1);
    setActive(next);
    virtual.scrollToIndex(next);
  };
  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls="namespaces"
        aria-activedescendant={found.length ? `namespace-${active}` : undefined}
        aria-label={t('findNamespace')}
        placeholder={t('findNamespace')}
        value={query}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1);
          else if (event.key === 'ArrowUp') move(-1);
          else if (event.key === 'Enter' && found[active] !== undefined) onChoose(found[active]);
          else return;
          event.preventDefault();
        }}
        className="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
      />
      {found.length === 0 && (
        <p className="px-3 py-4 text-sm text-ink-3">
          {knowledge.certainty === 'loading'
            ? known('app.loading')
            : knowledge.certainty === 'refused'
              ? known('state.denied')
              : t('noNamespace')}
        </p>
      )}
      <div
        ref={scroller}
        id="namespaces"
        role="listbox"
        aria-label={t('namespace')}
        className="max-h-72 overflow-y-auto p-1"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const name = found[index] ?? '';
            return (
              <div
                key={name}
                id={`namespace-${index}`}
                role="option"
                aria-selected={name === chosen}
                onClick={() => onChoose(name)}
                onPointerMove={() => setActive(index)}
                className={cx(
                  'absolute inset-x-0 flex h-8 cursor-default items-center gap-2 rounded-md px-2 text-sm',
                  index === active && 'bg-hover',
                )}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span className="flex-1 truncate">{name || t('allNamespaces')}</span>
                {name === chosen && <Check className="size-3.5 text-accent" aria-hidden="true" />}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

/** Which namespace the lists show; it stays in the address from page to page. */
export function NamespacePicker() {
  const t = useTranslations('top');
  const { names, knowledge } = useNamespaces();
  const chosen = useSearchParams().get('ns') ?? '';
  const [open, setOpen] = useState(false);
  const { resources } = useCluster();
  if (!resources.byId('namespaces')) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          aria-label={`${t('namespace')}: ${chosen || t('allNamespaces')}`}
          className="flex h-8 max-w-56 min-w-0 items-center gap-1.5 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink"
        >
          <span className="truncate">{chosen || t('allNamespaces')}</span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={t('namespace')}
          align="start"
          sideOffset={5}
          collisionPadding={8}
          className="enter z-50 w-64 rounded-lg bg-raised shadow-pop"
        >
          <Options
            names={names}
            knowledge={knowledge}
            chosen={chosen}
            onChoose={(ns) => {
              setOpen(false);
              if (ns !== chosen) chooseNamespace(ns);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
