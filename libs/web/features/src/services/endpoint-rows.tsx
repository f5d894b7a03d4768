'use client';

import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { type Knowledge } from '@binnacle/web-data';
import { Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { LivePanel } from '../known/answer.js';
import { KindLink } from '../objects/links.js';
import { Mono, None } from '../objects/text.js';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

function EndpointRow({ endpoint, ports }: { endpoint: Endpoint; ports: string }) {
  const t = useTranslations('detail');
  const { targetRef, nodeName, conditions } = endpoint;
  // Absent means ready, as the API says.
  const ready = conditions?.ready !== false;
  return (
    <tr className="h-9 border-b border-line/60 last:border-0">
      <td className="px-4">
        <Mono>{endpoint.addresses.map((address) => `${address}${ports ? `:${ports}` : ''}`).join(', ')}</Mono>
      </td>
      <td className="pr-4">
        <Status tone={ready ? 'ok' : 'warn'}>{ready ? t('ready') : t('notReady')}</Status>
      </td>
      <td className="max-w-56 truncate pr-4">
        {targetRef?.name ? (
          <KindLink
            apiVersion="v1"
            kind={targetRef.kind ?? 'Pod'}
            namespace={targetRef.namespace}
            name={targetRef.name}
            cut
          />
        ) : (
          <None />
        )}
      </td>
      <td className="pr-4 text-ink-2 max-sm:hidden">
        {nodeName ? <KindLink apiVersion="v1" kind="Node" name={nodeName} /> : <None />}
      </td>
    </tr>
  );
}

/** The addresses behind a Service, whoever they belong to. */
export function EndpointRows({ slices, knowledge }: { slices: readonly EndpointSlice[]; knowledge: Knowledge }) {
  const t = useTranslations();
  const rows = slices.flatMap((slice) =>
    (slice.endpoints ?? []).map((endpoint) => ({
      endpoint,
      ports: (slice.ports ?? []).map(({ port }) => port).join(','),
      key: `${slice.metadata.name ?? ''}/${endpoint.addresses.join()}`,
    })),
  );
  return (
    <LivePanel
      title={t('detail.endpoints')}
      knowledge={knowledge}
      count={rows.length}
      none={{ title: t('detail.noEndpoints') }}
    >
      <div className="overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="h-8 border-b border-line text-xs text-ink-3">
              <th className="px-4 font-medium">{t('columns.address')}</th>
              <th className="pr-4 font-medium">{t('columns.state')}</th>
              <th className="pr-4 font-medium">{t('detail.target')}</th>
              <th className="pr-4 font-medium max-sm:hidden">{t('columns.node')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, ...row }) => (
              <EndpointRow key={key} {...row} />
            ))}
          </tbody>
        </table>
      </div>
    </LivePanel>
  );
}
