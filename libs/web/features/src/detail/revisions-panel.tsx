'use client';

import type { Resource, UnstructuredObject } from '@binnacle/web-data';
import { Button, Tag } from '@binnacle/web-ui';
import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useState } from 'react';
import { abilitiesOf } from '../actions/abilities.js';
import { useActions } from '../actions/use-actions.js';
import { useRefused } from '../actions/use-refused.js';
import { LivePanel } from '../known/answer.js';
import { Age } from '../objects/age.js';
import { Mono } from '../objects/text.js';
import { type Refusal, refusalProps } from '../rights/use-missing.js';
import { LateTemplateDiff } from '../workloads/late-template-diff.js';
import type { Revision } from '../workloads/revisions.js';
import { useRevisions } from '../workloads/use-revisions.js';

const SHOWN = 10;

interface RevisionRowProps {
  readonly revision: Revision;
  readonly current: Revision | undefined;
  /** Undefined where nothing may be put back. */
  readonly onPutBack: (() => void) | undefined;
  /** Why it is not let. */
  readonly refusal: Refusal | undefined;
}

function RevisionRow({ revision, current, onPutBack, refusal }: RevisionRowProps) {
  const t = useTranslations();
  const [open, setOpen] = useState(false);
  const name = `${t('columns.revision')} ${revision.revision}`;
  return (
    <li className="border-b border-line/60 px-4 py-2 last:border-0">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className="tabular font-medium">{name}</span>
        {revision.isCurrent && <Tag tone="ok">{t('rollout.current')}</Tag>}
        <span className="min-w-0 flex-1 basis-40 break-all text-ink-2">
          <Mono>{revision.images.join(', ')}</Mono>
          {revision.cause && <span className="block text-xs text-ink-3">{revision.cause}</span>}
        </span>
        <span className="text-ink-3">
          <Age time={revision.createdAt} />
        </span>
        {!revision.isCurrent && current && (
          <Button variant="ghost" className="h-7!" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'rollout.hide' : 'rollout.compare')}
            <span className="sr-only"> {name}</span>
          </Button>
        )}
        {!revision.isCurrent && onPutBack && (
          <Button className="h-7!" icon={<History aria-hidden="true" />} onClick={onPutBack} {...refusalProps(refusal)}>
            {t('actions.rollBack')}
            <span className="sr-only"> {name}</span>
          </Button>
        )}
      </div>
      {open && current && (
        <Suspense>
          <LateTemplateDiff
            label={t('rollout.fromTo', { from: current.revision, to: revision.revision })}
            before={current.template}
            after={revision.template}
          />
        </Suspense>
      )}
    </li>
  );
}

/** The Pod templates a workload has had: what changes if one is put back, and the way to do it. */
export function RevisionsPanel({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations('rollout');
  const { revisions, knowledge } = useRevisions(object);
  const { start, dialog } = useActions(resource, object);
  const can = abilitiesOf(resource, object).rollBack;
  const refused = useRefused(resource, object, can ? ['rollBack'] : []);
  const current = revisions.find(({ isCurrent }) => isCurrent);
  return (
    <>
      <LivePanel
        title={t('revisions')}
        count={revisions.length}
        knowledge={knowledge}
        none={{ title: t('noRevisions') }}
      >
        <ul>
          {revisions.slice(0, SHOWN).map((revision) => (
            <RevisionRow
              key={revision.revision}
              revision={revision}
              current={current}
              refusal={refused('rollBack')}
              onPutBack={can ? () => start('rollBack', revision.revision) : undefined}
            />
          ))}
        </ul>
      </LivePanel>
      {dialog}
    </>
  );
}
