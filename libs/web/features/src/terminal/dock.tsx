'use client';

import { cx, IconButton, SkeletonRows, useShortcuts } from '@binnacle/web-ui';
import { ChevronDown, ChevronUp, SquareTerminal, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { LateBoundary } from '../known/late.js';
import { type Terminal, terminals } from './terminals.js';
import { useDockHeight } from './use-dock-height.js';

/** Comes when the first terminal is opened, and not before: nobody needs it while no server can be reached. */
const TerminalPane = lazy(async () => ({ default: (await import('./terminal-pane.js')).TerminalPane }));

function useTerminals() {
  return useSyncExternalStore(terminals.store.subscribe, terminals.store.get, terminals.store.get);
}

/** F6 goes between the page and the terminal that had the focus last, both ways. */
function useWayInAndOut(unfold: () => void): void {
  useShortcuts({
    f6: () => {
      if (document.activeElement?.closest('[data-dock]')) return document.querySelector<HTMLElement>('main')?.focus();
      unfold();
      terminals.wantUsed();
    },
  });
}

function Tabs({ open, wanted, show }: { open: readonly Terminal[]; wanted: number; show: (id: number) => void }) {
  const t = useTranslations('terminal');
  return (
    <ul className="flex min-w-0 flex-1 items-center gap-1 overflow-x-auto">
      {open.map(({ id, pod, container }) => (
        <li key={id} className="flex shrink-0 items-center">
          <button
            type="button"
            aria-current={id === wanted ? 'true' : undefined}
            onClick={() => show(id)}
            className={cx(
              'h-7 max-w-48 truncate rounded-md px-2 text-xs',
              id === wanted ? 'bg-selected font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            <span className="sr-only">{t('show')} </span>
            {pod.name}/{container}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Edge({ dock }: { dock: ReturnType<typeof useDockHeight> }) {
  const t = useTranslations('terminal');
  return (
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label={t('height')}
      aria-valuenow={dock.height}
      aria-valuemin={dock.least}
      aria-valuemax={dock.most}
      tabIndex={0}
      {...dock.edge}
      className="-mt-1 h-1.5 shrink-0 cursor-row-resize touch-none hover:bg-accent-soft focus-visible:bg-accent"
    />
  );
}

function Bar(props: {
  open: readonly Terminal[];
  wanted: number;
  folded: boolean;
  fold: () => void;
  show: (id: number) => void;
}) {
  const t = useTranslations('terminal');
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 px-2">
      <SquareTerminal className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
      <Tabs open={props.open} wanted={props.wanted} show={props.show} />
      <IconButton
        label={props.folded ? t('unfold') : t('fold')}
        aria-expanded={!props.folded}
        onClick={props.fold}
        className="h-7! w-7!"
      >
        {props.folded ? <ChevronUp aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
      </IconButton>
      <IconButton
        label={t('closeAll')}
        onClick={() => {
          for (const { id } of props.open) terminals.close(id);
        }}
        className="h-7! w-7!"
      >
        <X aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** The terminals, side by side. */
function OpenDock() {
  const t = useTranslations();
  const { open, wanted } = useTerminals();
  const [folded, setFolded] = useState(false);
  const dock = useDockHeight();
  const panes = useRef<HTMLDivElement>(null);
  const unfold = () => setFolded(false);
  useWayInAndOut(unfold);
  useEffect(() => {
    unfold();
    panes.current
      ?.querySelector(`[data-terminal="${wanted.id}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [wanted]);
  return (
    <section
      aria-label={t('terminal.dock')}
      data-dock=""
      className="flex max-h-[75dvh] shrink-0 flex-col border-t border-line bg-surface"
      style={folded ? undefined : { height: dock.height }}
    >
      {!folded && <Edge dock={dock} />}
      <Bar
        open={open}
        wanted={wanted.id}
        folded={folded}
        fold={() => setFolded(!folded)}
        show={(id) => {
          unfold();
          terminals.want(id);
        }}
      />
      <div
        ref={panes}
        className={cx('min-h-0 flex-1 snap-x overflow-x-auto border-t border-line', folded ? 'hidden' : 'flex')}
      >
        <LateBoundary>
          <Suspense fallback={<SkeletonRows label={t('app.loading')} rows={3} />}>
            {open.map((terminal) => (
              <TerminalPane
                key={terminal.id}
                terminal={terminal}
                wanted={!folded && terminal.id === wanted.id ? wanted.time : undefined}
              />
            ))}
          </Suspense>
        </LateBoundary>
      </div>
    </section>
  );
}

/** At the foot of every page, as long as there are terminals. */
export function Dock() {
  return useTerminals().open.length > 0 ? <OpenDock /> : null;
}
