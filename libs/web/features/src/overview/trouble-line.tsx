'use client';

import { cx, Status } from '@binnacle/web-ui';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { NamesApart } from '../objects/cut-name.js';
import { KindLink } from '../objects/links.js';
import type { Trouble, TroubleGroup } from './attention.js';
import type { OwnerRef } from './owner-of.js';

/** Longer lists are for the page of the kind. */
const LISTED = 100;

/** `Pod/shop/web-1`: its namespace belongs to its name. */
function Subject({ subject: { apiVersion, kind, namespace, name } }: { subject: OwnerRef }) {
  return (
    <span className="flex max-w-full min-w-0 items-baseline">
      <span className="shrink-0 text-ink-3">{kind}/</span>
      {namespace && (
        <span className="max-w-[40%] shrink-0 truncate text-ink-3" title={namespace}>
          {namespace}/
        </span>
      )}
      <span className="flex min-w-0 font-medium">
        <KindLink apiVersion={apiVersion} kind={kind} namespace={namespace} name={name} cut />
      </span>
    </span>
  );
}

/** "87 Pods of 12 Deployments in 4 namespaces". Empty where the line is about nothing but its subject. */
function useExtent({ subject, pods, owners, namespaces }: TroubleGroup): string {
  const t = useTranslations('overview');
  if (pods === 0) return '';
  if (subject.kind !== 'Node') return t('podCount', { pods });
  const [first] = owners;
  const same = first && owners.every(({ kind }) => kind === first.kind);
  const kind = same ? first.kind : t('workload');
  return t('extent', { pods, owners: owners.length, kind, namespaces });
}

function Members({ id, members }: { id: string; members: readonly Trouble[] }) {
  const t = useTranslations('detail');
  return (
    <NamesApart names={members.map(({ object }) => object.metadata.name ?? '')}>
      <ul id={id} className="mt-1 basis-full border-l-2 border-line pl-3 text-sm">
        {members.slice(0, LISTED).map(({ object, status }) => (
          <li key={object.metadata.uid} className="flex items-baseline gap-x-3 py-0.5">
            <span className="min-w-0 flex-1">
              <Subject
                subject={{ ...object, namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' }}
              />
            </span>
            <span className="max-w-[45%] shrink-0">
              <Status tone={status.tone} title={status.detail}>
                {status.label}
              </Status>
            </span>
          </li>
        ))}
        {members.length > LISTED && (
          <li className="py-0.5 text-xs text-ink-3">{t('showMore', { count: members.length - LISTED })}</li>
        )}
      </ul>
    </NamesApart>
  );
}

/** A cause, and behind it, on demand, all that it has done. */
export function TroubleLine({ group }: { group: TroubleGroup }) {
  const t = useTranslations('overview');
  const [open, setOpen] = useState(false);
  const id = useId();
  const extent = useExtent(group);
  const { subject, status, members } = group;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-line/60 px-4 py-2 last:border-0">
      <span className="min-w-0 flex-1 basis-56">
        <Subject subject={subject} />
      </span>
      <span className="max-w-full min-w-0">
        <Status tone={status.tone}>{status.label}</Status>
      </span>
      {members.length > 0 && (
        <span className="flex basis-full">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={id}
            aria-label={`${t(open ? 'hideMembers' : 'showMembers', { name: subject.name })} ${extent}`}
            onClick={() => setOpen(!open)}
            className="-mx-1 flex items-center gap-1 rounded-sm px-1 text-sm text-ink-2 hover:bg-hover hover:text-ink"
          >
            <ChevronRight aria-hidden="true" className={cx('size-3.5 text-ink-3', open && 'rotate-90')} />
            {extent}
          </button>
        </span>
      )}
      {status.detail && <p className="line-clamp-2 basis-full text-xs break-words text-ink-3">{status.detail}</p>}
      {open && <Members id={id} members={members} />}
    </li>
  );
}
