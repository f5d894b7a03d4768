'use client';

import { useCluster } from '@binnacle/web-data';
import { Dialog, Kbd } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { pluralTitle } from '../objects/plural-title.js';
import { NAVIGATION } from './navigation.js';

/** What a filter can say, by example. */
const FILTERS = [
  ['worker-1', 'filterWord'],
  ['worker-*', 'filterStar'],
  ['"my app"', 'filterQuote'],
  ['app=web', 'filterLabel'],
  ['app in (web, db)', 'filterLabel'],
  ['!app', 'filterLabel'],
  ['status:Running,Pending', 'filterField'],
  ['node:worker-1', 'filterField'],
  ['restarts:>3', 'filterNumber'],
  ['-kube', 'filterNot'],
] as const;

function Filters() {
  const t = useTranslations('help');
  return (
    <section className="sm:col-span-2">
      <h3 className="pb-1.5 text-xs font-medium text-ink-3">{t('filters')}</h3>
      <dl className="grid gap-x-10 gap-y-1.5 sm:grid-cols-2">
        {FILTERS.map(([example, meaning]) => (
          <div key={example} className="flex items-center justify-between gap-4">
            <dt className="text-ink-2">{t(meaning)}</dt>
            <dd>
              <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs">{example}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface Entry {
  readonly keys: readonly string[];
  readonly text: string;
}

function Keys({ title, entries }: { title: string; entries: readonly Entry[] }) {
  return (
    <section>
      <h3 className="pb-1.5 text-xs font-medium text-ink-3">{title}</h3>
      <dl className="flex flex-col gap-1.5">
        {entries.map(({ keys, text }) => (
          <div key={text} className="flex items-center justify-between gap-4">
            <dt className="text-ink-2">{text}</dt>
            <dd className="flex gap-1.5">
              {keys.map((key) => (
                <Kbd key={key} keys={key} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function modKey(): string {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
}

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations();
  const { resources } = useCluster();
  const go = NAVIGATION.flatMap(({ items }) =>
    items.flatMap(({ id, key }) => {
      const resource = resources.byId(id);
      return key && resource ? [{ keys: [`g ${key}`], text: pluralTitle(resource) }] : [];
    }),
  );
  return (
    <Dialog open={open} onClose={onClose} title={t('help.title')} closeLabel={t('app.close')} wide>
      <div className="grid gap-x-10 gap-y-6 pb-4 sm:grid-cols-2">
        <div className="flex flex-col gap-6">
          <Keys
            title={t('help.everywhere')}
            entries={[
              { keys: [`${open ? modKey() : ''} K`], text: t('help.palette') },
              { keys: ['/'], text: t('help.filter') },
              { keys: ['p'], text: t('help.pause') },
              { keys: ['F6'], text: t('help.dock') },
              { keys: ['?'], text: t('help.help') },
            ]}
          />
          <Keys
            title={t('help.lists')}
            entries={[
              { keys: ['j', '↓'], text: `${t('help.move')} ↓` },
              { keys: ['k', '↑'], text: `${t('help.move')} ↑` },
              { keys: ['Enter'], text: t('help.open') },
              { keys: ['x'], text: t('help.tick') },
              { keys: ['X'], text: t('help.tickRange') },
              { keys: ['⇧ ↓', '⇧ ↑'], text: t('help.tickMove') },
              { keys: [`${open ? modKey() : ''} A`], text: t('help.tickAll') },
              { keys: ['Esc'], text: t('help.clear') },
            ]}
          />
        </div>
        <Keys
          title={t('help.go')}
          entries={[
            { keys: ['g o'], text: t('nav.overview') },
            ...go,
            { keys: ['g a'], text: t('nav.all') },
            { keys: ['g y'], text: t('apply.title') },
          ]}
        />
        <Filters />
      </div>
    </Dialog>
  );
}
