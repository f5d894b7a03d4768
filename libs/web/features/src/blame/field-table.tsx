'use client';

import type { BlamedChange } from '@binnacle/apis-kubernetes/history/v1';
import { presentCluster } from '@binnacle/machinery-meta';
import { pages, type Resource, useCluster } from '@binnacle/web-data';
import { Button } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import { deviceName } from '../account/device-name.js';
import { Age } from '../objects/age.js';
import { Link } from '../objects/link.js';
import { linkClass } from '../objects/links.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Mono } from '../objects/text.js';
import type { SetField } from './blamed-fields.js';

/** Rows that are drawn at once. */
const SHOWN = 200;

/** Broken where its parts meet, as long as they are not too long for the line themselves. */
function FieldPath({ path }: { path: string }) {
  return (
    <span className="block min-w-24 [overflow-wrap:anywhere]">
      <Mono>
        {path.split(/(?=[.[])/).map((part, index) => (
          <Fragment key={index}>
            {index > 0 && <wbr />}
            {part}
          </Fragment>
        ))}
      </Mono>
    </span>
  );
}

function Who({ change }: { change: BlamedChange }) {
  const { user, groups, userAgent, manager } = change;
  const through = [manager, deviceName(userAgent)].filter(Boolean);
  return (
    <span className="flex min-w-24 flex-col">
      <span title={groups?.join(', ')} className="[overflow-wrap:anywhere]">
        {user}
      </span>
      <span title={userAgent} className="text-xs [overflow-wrap:anywhere] text-ink-3">
        {[...new Set(through)].join(' · ')}
      </span>
    </span>
  );
}

interface WhenProps {
  readonly change: BlamedChange;
  readonly kind: Resource;
  readonly namespace: string;
}

function When({ change, kind, namespace }: WhenProps) {
  const t = useTranslations('blame');
  // A change is where the log is, also of what is seen in the past.
  const cluster = presentCluster(useCluster().cluster);
  const revision = String(change.revision);
  return (
    <span className="flex flex-col whitespace-nowrap">
      <span>
        <Age time={change.time} /> <span className="text-ink-3">{t(change.verb)}</span>
      </span>
      <Link
        href={pages.detail(cluster, kind, { namespace, name: revision })}
        className={`${linkClass} tabular self-start text-xs text-ink-2`}
      >
        {t('change', { revision })}
      </Link>
    </span>
  );
}

interface FieldTableProps {
  readonly fields: readonly SetField[];
  readonly kind: Resource;
  readonly namespace: string;
}

/** Every field with who set it, a part of them at a time. */
export function FieldTable({ fields, kind, namespace }: FieldTableProps) {
  const t = useTranslations('blame');
  const [shown, setShown] = useState(SHOWN);
  const left = fields.length - shown;
  const rows = fields
    .slice(0, shown)
    .map(({ path, change }) => [
      <FieldPath key="path" path={path} />,
      change ? <Who key="who" change={change} /> : <span className="text-ink-3">{t('unknown')}</span>,
      change && <When key="when" change={change} kind={kind} namespace={namespace} />,
    ]);
  return (
    <>
      <RowsTable title={t('title')} head={[t('field'), t('who'), t('when')]} rows={rows} />
      {left > 0 && (
        <div className="border-t border-line px-4 py-2">
          <Button variant="ghost" onClick={() => setShown(shown + SHOWN)}>
            {t('showMore', { count: String(Math.min(left, SHOWN)) })}
          </Button>
        </div>
      )}
    </>
  );
}
