import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { Tag } from '@binnacle/web-ui';
import { as, type Fact, type KindColumn, type KindView } from '../kinds/kind-view.js';
import type { Translate } from '../messages/index.js';
import { Mono, OrNone, Quiet } from '../objects/text.js';
import { mapSelectorText } from '../workloads/selectors.js';

/** `80:30080/TCP`, as kubectl prints it. */
export function portText({ port, nodePort, protocol = 'TCP' }: ServicePort): string {
  return `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`;
}

const portsText = (service: Service): string => (service.spec?.ports ?? []).map(portText).join(', ');
const selectorOf = (service: Service): string => mapSelectorText(service.spec?.selector);

function columns(t: Translate): KindColumn[] {
  return [
    {
      id: 'type',
      title: t('columns.type'),
      track: '7rem',
      value: (object) => as<Service>(object).spec?.type ?? '',
      cell: (object) => <Tag>{as<Service>(object).spec?.type ?? 'ClusterIP'}</Tag>,
    },
    {
      id: 'clusterIp',
      title: t('columns.clusterIp'),
      track: '8rem',
      from: 560,
      value: (object) => as<Service>(object).spec?.clusterIP ?? '',
      cell: (object) => (
        <Mono>
          <OrNone>{as<Service>(object).spec?.clusterIP}</OrNone>
        </Mono>
      ),
    },
    {
      id: 'ports',
      title: t('columns.ports'),
      track: 'minmax(8rem,1fr)',
      from: 640,
      value: (object) => portsText(as<Service>(object)),
      cell: (object) => (
        <Mono>
          <OrNone>{portsText(as<Service>(object))}</OrNone>
        </Mono>
      ),
    },
    {
      id: 'selector',
      title: t('columns.selector'),
      track: 'minmax(8rem,1.2fr)',
      from: 860,
      value: (object) => selectorOf(as<Service>(object)),
      cell: (object) => (
        <Quiet>
          <Mono>
            <OrNone>{selectorOf(as<Service>(object))}</OrNone>
          </Mono>
        </Quiet>
      ),
    },
  ];
}

function facts({ spec }: Service, t: Translate): Fact[] {
  return [
    { label: t('columns.type'), value: <OrNone>{spec?.type}</OrNone> },
    {
      label: t('columns.clusterIp'),
      value: (
        <Mono>
          <OrNone>{spec?.clusterIP}</OrNone>
        </Mono>
      ),
    },
    {
      label: t('columns.ports'),
      value: (
        <ul>
          {(spec?.ports ?? []).map((port) => (
            <li key={`${port.port}${port.protocol}`}>
              <Mono>{`${port.name ? `${port.name} ` : ''}${portText(port)} → ${port.targetPort ?? port.port}`}</Mono>
            </li>
          ))}
        </ul>
      ),
    },
    {
      label: t('columns.selector'),
      value: (
        <Mono>
          <OrNone>{mapSelectorText(spec?.selector)}</OrNone>
        </Mono>
      ),
    },
    { label: t('detail.sessionAffinity'), value: <OrNone>{spec?.sessionAffinity}</OrNone> },
  ];
}

export const serviceView: KindView = { columns, facts: (object, t) => facts(as<Service>(object), t) };

export const endpointSliceView: KindView = {
  columns: (t) => [
    {
      id: 'endpoints',
      title: t('columns.endpoints'),
      track: 'minmax(10rem,2fr)',
      value: (object) => as<EndpointSlice>(object).endpoints?.length ?? 0,
      cell: (object) => (
        <Mono>
          <OrNone>
            {(as<EndpointSlice>(object).endpoints ?? []).flatMap(({ addresses }) => addresses).join(', ')}
          </OrNone>
        </Mono>
      ),
    },
    {
      id: 'ports',
      title: t('columns.ports'),
      track: 'minmax(6rem,1fr)',
      from: 560,
      value: (object) => as<EndpointSlice>(object).ports?.[0]?.port ?? 0,
      cell: (object) => (
        <Mono>
          <OrNone>{(as<EndpointSlice>(object).ports ?? []).map(({ port }) => port).join(', ')}</OrNone>
        </Mono>
      ),
    },
  ],
};
