'use client';

import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Connection, ConnectionPeer } from '@binnacle/apis-kubernetes/traffic/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { useLive } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LivePanel } from '../known/answer.js';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { formatBytes } from '../objects/quantities.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Mono } from '../objects/text.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { MOST_SHOWN, useConnections } from './use-traffic.js';

/** IPv6 stands in brackets before a port. */
const textOf = ({ address, port }: ConnectionPeer): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function Peer({ peer, children }: { peer: ConnectionPeer; children?: ReactNode }) {
  return (
    <span className="flex flex-col whitespace-nowrap">
      <Mono>{textOf(peer)}</Mono>
      {children && <span className="text-xs text-ink-3">{children}</span>}
    </span>
  );
}

/** Which Pods the addresses behind a Service are. */
function usePodNames({ metadata: { name = '', namespace = '' } }: Service): ReadonlyMap<string, string> {
  const query = useQueryOf('endpointslices.discovery.k8s.io', {
    namespace,
    labelSelector: `${LABEL_SERVICE_NAME}=${name}`,
  });
  const slices = useLive(query).items as unknown as readonly EndpointSlice[];
  const endpoints = slices.flatMap(({ endpoints = [] }) => endpoints ?? []);
  return new Map(
    endpoints.flatMap(({ addresses, targetRef }) =>
      targetRef?.kind === 'Pod' ? addresses.map((address) => [address, targetRef.name ?? ''] as const) : [],
    ),
  );
}

/** Who is connected through a Service, to whom, since when, and what that has carried. */
export function ServiceConnections({ object }: PanelProps) {
  const t = useTranslations('path');
  const service = as<Service>(object);
  const { connections, knowledge } = useConnections(service);
  const pods = usePodNames(service);
  const namespace = service.metadata.namespace ?? '';
  const isCounted = (service.spec?.ports?.length ?? 0) > 0 && service.spec?.clusterIP !== 'None';
  if (knowledge.certainty === 'absent' || !isCounted) return null;
  const row = ({ spec, status, metadata }: Connection): ReactNode[] => {
    const pod = pods.get(spec.endpoint.address);
    return [
      <Peer peer={spec.client}>{spec.client.nodeName}</Peer>,
      <Peer peer={spec.asked}>{t(`purposes.${spec.purpose as 'ClusterIP'}`)}</Peer>,
      <Peer peer={spec.endpoint}>
        {pod ? <KindLink apiVersion="v1" kind="Pod" namespace={namespace} name={pod} /> : spec.endpoint.nodeName}
        {status.draining && ` · ${t('draining')}`}
      </Peer>,
      <span className="whitespace-nowrap tabular">
        {formatBytes(status.sentBytes)} / {formatBytes(status.receivedBytes)}
      </span>,
      <Age time={metadata.creationTimestamp} />,
    ];
  };
  const head = ['client', 'asked', 'ledTo', 'carried', 'since'].map((name) => t(`columns.${name as 'client'}`));
  return (
    <LivePanel
      title={t('connections')}
      knowledge={knowledge}
      count={connections.length}
      none={{ title: t('noConnections') }}
    >
      <RowsTable title={t('connections')} head={head} rows={connections.slice(0, MOST_SHOWN).map(row)} />
      {connections.length > MOST_SHOWN && (
        <p className="px-4 py-2 text-xs text-ink-3">{t('more', { count: connections.length - MOST_SHOWN })}</p>
      )}
    </LivePanel>
  );
}
