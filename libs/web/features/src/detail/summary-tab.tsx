'use client';

import { type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';
import { CopyButton, Panel } from '@binnacle/web-ui';
import { useFormatter, useTranslations } from 'next-intl';
import type { Fact } from '../view/kind-view.js';
import { deletionBegan } from './deletion.js';
import { kindView } from '../kinds/kind-views.js';
import { useSurroundings } from '../kinds/use-surroundings.js';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { Mono } from '../objects/text.js';
import { Conditions } from './conditions.js';
import { kindFacts, mergeFacts } from './kind-facts.js';
import { PairsPanel } from './pairs-panel.js';
import { RecentEvents } from './recent-events.js';
import { Related } from './related.js';
import { UsagePanel } from '../usage/usage-panel.js';
import { useServerFacts } from './use-server-facts.js';

function useCommonFacts(object: UnstructuredObject): Fact[] {
  const t = useTranslations();
  const format = useFormatter();
  const { namespace, creationTimestamp, deletionTimestamp, finalizers, uid = '', resourceVersion } = object.metadata;
  const created = creationTimestamp
    ? format.dateTime(new Date(creationTimestamp), { dateStyle: 'medium', timeStyle: 'long' })
    : '–';
  return [
    ...(namespace
      ? [{ label: t('list.namespace'), value: <KindLink apiVersion="v1" kind="Namespace" name={namespace} /> }]
      : []),
    {
      label: t('detail.created'),
      value: (
        <span suppressHydrationWarning>
          {created}{' '}
          <span className="text-ink-3">
            (<Age time={creationTimestamp} />)
          </span>
        </span>
      ),
    },
    ...(deletionTimestamp
      ? [{ label: t('detail.deletion'), value: <Age time={deletionBegan(object.metadata)} /> }]
      : []),
    ...(finalizers?.length ? [{ label: t('detail.finalizers'), value: <Mono>{finalizers.join(', ')}</Mono> }] : []),
    {
      label: t('detail.uid'),
      value: (
        <span className="flex items-center gap-1">
          <span className="truncate" title={uid}>
            <Mono>{uid}</Mono>
          </span>
          <CopyButton text={uid} label={`${t('app.copy')} UID`} className="-my-1" />
        </span>
      ),
    },
    { label: t('detail.revision'), value: <Mono>{resourceVersion}</Mono> },
  ];
}

function Facts({ facts, title }: { facts: readonly Fact[]; title: string }) {
  return (
    <Panel title={title}>
      <dl className="grid grid-cols-[minmax(6.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
        {facts.map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="text-ink-3">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

export function SummaryTab({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations() as unknown as Translate;
  const id = resourceId(resource);
  const printed = useServerFacts(resource, object);
  const view = kindView(id);
  const { around } = useSurroundings(view, object.metadata.namespace);
  const own = view.columns ? kindFacts(view, object, t, around) : mergeFacts(printed, view.facts?.(object, t) ?? []);
  const common = useCommonFacts(object);
  return (
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]">
      {view.wide && (
        <div className="px-4 pt-4 md:px-6">
          <view.wide object={object} around={around} />
        </div>
      )}
      <div className="grid gap-4 px-4 py-4 md:px-6 xl:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <UsagePanel resource={resource} object={object} />
          <Related view={view} object={object} resource={resource} around={around} />
          <Conditions object={object} />
          <RecentEvents object={object} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Facts title={t('detail.facts')} facts={[...own, ...common]} />
          <PairsPanel title={t('detail.labels')} pairs={object.metadata.labels} />
          <PairsPanel title={t('detail.annotations')} pairs={object.metadata.annotations} />
        </div>
      </div>
    </div>
  );
}
