'use client';

import type { Ingress, IngressBackend } from '@binnacle/apis-kubernetes/networking/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { linesFact, linkFact } from '../objects/fact-lines.js';
import { KindLink } from '../objects/links.js';
import { IngressPath } from '../path/ingress-path.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono, None } from '../objects/text.js';
import { as, type Fact, type KindView, type PanelProps } from '../view/kind-view.js';

interface BackendProps {
  readonly backend: IngressBackend | undefined;
  readonly namespace: string | undefined;
}

function Backend({ backend, namespace }: BackendProps) {
  if (backend?.resource) return <Mono>{`${backend.resource.kind}/${backend.resource.name}`}</Mono>;
  const { service } = backend ?? {};
  if (!service) return <None />;
  return (
    <span className="whitespace-nowrap">
      <KindLink apiVersion="v1" kind="Service" namespace={namespace} name={service.name} />
      <Mono>:{service.port?.name ?? service.port?.number}</Mono>
    </span>
  );
}

/** Which path of which host leads where. */
function IngressRules({ object }: PanelProps) {
  const t = useTranslations('spec');
  const { metadata, spec } = as<Ingress>(object);
  const { namespace } = metadata;
  const rows = (spec?.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map(({ path = '/', pathType, backend }) => [
      host ? <Mono key="host">{host}</Mono> : t('anyHost'),
      <span key="path">
        <Mono>{path}</Mono> <span className="text-xs text-ink-3">{pathType}</span>
      </span>,
      <Backend key="backend" backend={backend} namespace={namespace} />,
    ]),
  );
  return <RowsPanel title={t('rules')} head={[t('host'), t('path'), t('backend')]} rows={rows} none={t('noRules')} />;
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { metadata, spec } = as<Ingress>(object);
  const { namespace } = metadata;
  const tls = (spec?.tls ?? []).map(({ hosts = [], secretName = '–' }) => `${hosts.join(', ')} (${secretName})`);
  const ingressClass = { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name: spec?.ingressClassName };
  return [
    ...linkFact(t('spec.ingressClass'), { ...ingressClass, column: 'Class' }),
    ...linesFact(t('spec.tls'), tls),
    ...(spec?.defaultBackend
      ? [{ label: t('spec.defaultBackend'), value: <Backend backend={spec.defaultBackend} namespace={namespace} /> }]
      : []),
  ];
}

/** The server prints its columns. */
export const ingressView: KindView = { facts, wide: IngressPath, panels: [IngressRules] };
