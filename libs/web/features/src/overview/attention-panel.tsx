'use client';

import { Empty, Panel, Status } from '@binnacle/web-ui';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { kindView } from '../kinds/kind-views.js';
import { statusOf } from '../list/use-columns.js';
import { linkClass } from '../objects/links.js';
import { usePages } from '../objects/use-pages.js';
import type { Trouble } from './use-overview.js';

const SHOWN = 8;

function TroubleRow({ trouble: { id, object } }: { trouble: Trouble }) {
  const pages = usePages();
  const href = pages.object(object);
  const status = statusOf(kindView(id), object);
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-line/60 px-4 py-2 last:border-0">
      <span className="min-w-0 flex-1 basis-48 truncate">
        <span className="text-ink-3">{object.kind}/</span>
        {href ? (
          <Link href={href} prefetch={false} className={`${linkClass} font-medium`}>
            {object.metadata.name}
          </Link>
        ) : (
          object.metadata.name
        )}
      </span>
      {status && <Status tone={status.tone}>{status.label}</Status>}
      {status?.detail && <p className="line-clamp-2 basis-full text-xs break-words text-ink-3">{status.detail}</p>}
    </li>
  );
}

/** What somebody should look at. */
export function AttentionPanel({ troubles, loading }: { troubles: readonly Trouble[]; loading: boolean }) {
  const t = useTranslations();
  const count = troubles.length > 0 ? troubles.length : undefined;
  return (
    <Panel title={t('overview.attention')} count={count} flush>
      {troubles.length === 0 ? (
        <Empty
          compact
          icon={<CircleCheck className="text-ok" />}
          title={loading ? t('app.loading') : t('overview.allWell')}
        >
          {!loading && t('overview.allWellHint')}
        </Empty>
      ) : (
        <ul>
          {troubles.slice(0, SHOWN).map((trouble) => (
            <TroubleRow key={`${trouble.id}/${trouble.object.metadata.uid}`} trouble={trouble} />
          ))}
        </ul>
      )}
      {troubles.length > SHOWN && (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-3">
          {t('detail.showMore', { count: troubles.length - SHOWN })}
        </p>
      )}
    </Panel>
  );
}
