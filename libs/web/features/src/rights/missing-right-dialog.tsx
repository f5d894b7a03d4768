'use client';

import { fetchWhoCan, type Right, rightKey, rightSubject, useCluster, useRights } from '@binnacle/web-data';
import { Button, CopyLine, Dialog } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useSyncExternalStore } from 'react';
import { Mono } from '../objects/text.js';
import { explained } from './explained.js';
import { Holder, holderName } from './holders.js';
import { canICommand } from './right-text.js';

function RightFacts({ right }: { right: Right }) {
  const t = useTranslations('rights');
  const facts = [
    [t('verb'), right.verb],
    [t('kind'), rightSubject(right)],
    ...(right.name ? [[t('name'), right.name]] : []),
    [t('where'), right.namespace ? t('inNamespace', { namespace: right.namespace }) : t('whole')],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="break-words">
            <Mono>{value}</Mono>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Asked only here, where somebody wants to know it. */
function Granters({ right }: { right: Right }) {
  const t = useTranslations('rights');
  const { cluster } = useCluster();
  const { data, error } = useQuery({
    queryKey: ['who-can', cluster, rightKey(right)],
    queryFn: ({ signal }) => fetchWhoCan(cluster, right, signal),
    retry: false,
  });
  if (error) return <p className="text-sm text-ink-2">{t('unknown', { message: error.message })}</p>;
  if (!data) return <p className="text-sm text-ink-3">{t('asking')}</p>;
  if (data.couldGrant.length === 0) return <p className="text-sm text-ink-2">{t('nobody')}</p>;
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {data.couldGrant.map((holder) => (
        <li key={`${holder.kind} ${holderName(holder)}`}>
          <Holder holder={holder} />
        </li>
      ))}
    </ul>
  );
}

function Request({ right }: { right: Right }) {
  const t = useTranslations();
  const command = canICommand(right);
  return (
    <div className="flex flex-col gap-1">
      <span className="text-xs text-ink-3">{t('rights.request')}</span>
      <CopyLine text={command} copyLabel={t('app.copy')} />
    </div>
  );
}

/** Goes by itself once the right is there. */
function useGoesWhenGranted(right: Right): void {
  const has = useRights([right])(right);
  useEffect(() => {
    if (has === true) explained.set(undefined);
  }, [has]);
}

function Explained({ right }: { right: Right }) {
  const t = useTranslations();
  useGoesWhenGranted(right);
  const close = () => explained.set(undefined);
  return (
    <Dialog open onClose={close} title={t('rights.title')} description={t('rights.lead')} closeLabel={t('app.close')}>
      <div className="flex flex-col gap-4 pb-3">
        <RightFacts right={right} />
        <section aria-live="polite" className="flex flex-col gap-1.5">
          <h3 className="text-xs font-medium text-ink-2">{t('rights.couldGrant')}</h3>
          <Granters right={right} />
        </section>
        <Request right={right} />
        <div className="flex justify-end">
          <Button onClick={close}>{t('app.close')}</Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Which right is missing and who could grant it, for whatever on the page asks. */
export function MissingRightDialog() {
  const right = useSyncExternalStore(explained.subscribe, explained.get, () => undefined);
  return right ? <Explained key={rightKey(right)} right={right} /> : null;
}
