import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { Tag } from '@binnacle/web-ui';
import type { Translate } from '../messages/index.js';
import { statusColumn, textColumn } from '../objects/columns.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import { ServiceConnections } from '../path/service-connections.js';
import { ServicePath } from '../path/service-path.js';
import { ServiceReach } from '../reach/reach-panel.js';
import { ServiceEndpoints } from '../services/service-endpoints.js';
import { endpointsOf, serviceStatus } from '../services/service-status.js';
import { as, type Fact, type KindColumn, type KindView, type Surroundings } from '../view/kind-view.js';
import { DEFAULT_STANDING } from '../view/standing.js';
import { relatedPods } from '../workloads/selected-pods.js';
import { mapSelectorText } from '../workloads/selectors.js';

/** `80:30080/TCP`, as kubectl prints it. */
function portText({ port, nodePort, protocol = 'TCP' }: ServicePort): string {
  return `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`;
}

const portsText = ({ spec }: Service): string => (spec?.ports ?? []).map(portText).join(', ');
const selectorOf = ({ spec }: Service): string => mapSelectorText(spec?.selector);

function endpointsText(object: UnstructuredObject, around: Surroundings): string {
  const found = endpointsOf(as<Service>(object), around);
  return found ? `${found.ready}/${found.total}` : '…';
}

function endpointsColumn(t: Translate, around: Surroundings): KindColumn {
  return {
    id: 'endpoints',
    title: t('columns.endpoints'),
    track: '5.5rem',
    align: 'end',
    from: 480,
    value: (object) => endpointsOf(as<Service>(object), around)?.ready ?? -1,
    told: (object) => endpointsText(object, around),
    cell: (object) =>
      as<Service>(object).spec?.type === 'ExternalName' ? <None /> : <Quiet>{endpointsText(object, around)}</Quiet>,
  };
}

function columns(t: Translate, around: Surroundings): KindColumn[] {
  return [
    statusColumn(t, 'minmax(7rem,1.4fr)', (object) => serviceStatus(as<Service>(object), around)),
    endpointsColumn(t, around),
    {
      id: 'type',
      title: t('columns.type'),
      track: '7rem',
      value: (object) => as<Service>(object).spec?.type ?? '',
      cell: (object) => <Tag>{as<Service>(object).spec?.type ?? 'ClusterIP'}</Tag>,
    },
    textColumn({
      id: 'clusterIp',
      title: t('columns.clusterIp'),
      track: '8rem',
      from: 560,
      mono: true,
      read: (object) => as<Service>(object).spec?.clusterIP,
    }),
    textColumn({
      id: 'ports',
      title: t('columns.ports'),
      track: 'minmax(8rem,1fr)',
      from: 640,
      mono: true,
      read: (object) => portsText(as<Service>(object)),
    }),
    textColumn({
      id: 'selector',
      title: t('columns.selector'),
      track: 'minmax(8rem,1.2fr)',
      from: 860,
      mono: true,
      read: (object) => selectorOf(as<Service>(object)),
    }),
  ];
}

function facts({ spec }: Service, t: Translate): Fact[] {
  return [
    {
      column: 'ports',
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
    ...(spec?.externalName ? [{ label: t('detail.externalName'), value: <Mono>{spec.externalName}</Mono> }] : []),
    { label: t('detail.sessionAffinity'), value: <OrNone>{spec?.sessionAffinity}</OrNone> },
  ];
}

export const serviceView: KindView = {
  status: (object, around) => serviceStatus(as<Service>(object), around),
  needs: 'endpoints',
  // Those without a selector lead to where Kubernetes does not look.
  standing: {
    isCounted: ({ tone }) => tone !== 'idle',
    isWell: (_, { label }) => label === 'Ready',
    isAside: (_, { tone }) => tone === 'idle',
    // One that still leads somewhere is no trouble of its own: the Pods it misses are.
    isTrouble: (status) => DEFAULT_STANDING.isTrouble(status) && status.label !== 'Ready',
  },
  columns,
  facts: (object, t) => facts(as<Service>(object), t),
  wide: ServicePath,
  panels: [ServiceEndpoints, ServiceConnections, ServiceReach],
  related: relatedPods,
  actions: { loss: { text: (t) => t('actions.deleteService') } },
};
