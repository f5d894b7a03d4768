import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { Tag } from '@binnacle/web-ui';
import { DrainProgress } from '../drain/drain-progress.js';
import type { Translate } from '../messages/index.js';
import { NodeCapacity } from '../nodes/node-capacity.js';
import { isCordoned, isReady, nodeAddress, nodeRoles, nodeStatus } from '../nodes/node-status.js';
import { statusColumn, textColumn } from '../objects/columns.js';
import { formatBytes, formatCores, units } from '../objects/quantities.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import { as, type Fact, type KindColumn, type KindView, type Narrow } from '../view/kind-view.js';
import { DEFAULT_STANDING } from '../view/standing.js';

const capacity = (object: UnstructuredObject, name: string) => units(as<Node>(object).status?.allocatable?.[name]);
const podsOf = ({ metadata }: UnstructuredObject): Narrow => ({
  fieldSelector: `spec.nodeName=${metadata.name ?? ''}`,
});

function figures(t: Translate): KindColumn[] {
  return [
    {
      id: 'cpu',
      title: t('columns.cpu'),
      track: '4rem',
      align: 'end',
      from: 700,
      value: (object) => capacity(object, 'cpu'),
      cell: (object) => <Quiet>{formatCores(capacity(object, 'cpu'))}</Quiet>,
    },
    {
      id: 'memory',
      title: t('columns.memory'),
      track: '5.5rem',
      align: 'end',
      from: 700,
      value: (object) => capacity(object, 'memory'),
      told: (object) => formatBytes(capacity(object, 'memory')),
      cell: (object) => <Quiet>{formatBytes(capacity(object, 'memory'))}</Quiet>,
    },
  ];
}

function columns(t: Translate): KindColumn[] {
  return [
    statusColumn(t, 'minmax(9rem,1.8fr)', (object) => nodeStatus(as<Node>(object))),
    {
      id: 'roles',
      title: t('columns.roles'),
      track: 'minmax(6rem,0.8fr)',
      from: 620,
      value: (object) => nodeRoles(as<Node>(object)).join(),
      cell: (object) => {
        const roles = nodeRoles(as<Node>(object));
        return roles.length ? roles.map((role) => <Tag key={role}>{role}</Tag>) : <None />;
      },
    },
    ...figures(t),
    textColumn({
      id: 'version',
      title: t('columns.version'),
      track: '7rem',
      from: 820,
      read: (object) => as<Node>(object).status?.nodeInfo?.kubeletVersion,
    }),
    textColumn({
      id: 'address',
      title: t('columns.address'),
      track: '8rem',
      from: 900,
      mono: true,
      read: (object) => nodeAddress(as<Node>(object), 'InternalIP'),
    }),
  ];
}

function Taints({ taints }: { taints: NonNullable<NonNullable<Node['spec']>['taints']> }) {
  if (taints.length === 0) return <None />;
  return (
    <ul>
      {taints.map(({ key, value, effect }) => (
        <li key={key + effect} className="break-all">
          <Mono>{`${key}${value ? `=${value}` : ''}:${effect}`}</Mono>
        </li>
      ))}
    </ul>
  );
}

function facts(node: Node, t: Translate): Fact[] {
  const info = node.status?.nodeInfo;
  return [
    {
      column: 'address',
      label: t('detail.internalIp'),
      value: (
        <Mono>
          <OrNone>{nodeAddress(node, 'InternalIP')}</OrNone>
        </Mono>
      ),
    },
    {
      label: t('detail.podCidr'),
      value: (
        <Mono>
          <OrNone>{node.spec?.podCIDR}</OrNone>
        </Mono>
      ),
    },
    { column: 'version', label: t('detail.kubelet'), value: <OrNone>{info?.kubeletVersion}</OrNone> },
    { label: t('detail.runtime'), value: <OrNone>{info?.containerRuntimeVersion}</OrNone> },
    { label: t('detail.os'), value: <OrNone>{info?.osImage}</OrNone> },
    { label: t('detail.taints'), value: <Taints taints={node.spec?.taints ?? []} /> },
  ];
}

export const nodeView: KindView = {
  status: (object) => nodeStatus(as<Node>(object)),
  // Ready and cordoned are two things: a cordoned node still runs what it has.
  standing: {
    ...DEFAULT_STANDING,
    isWell: (object) => isReady(as<Node>(object)),
    isAside: (object) => isCordoned(as<Node>(object)),
  },
  columns,
  facts: (object, t) => facts(as<Node>(object), t),
  panels: [DrainProgress, NodeCapacity],
  related: (object, t) => [
    {
      title: t('detail.pods'),
      resource: 'pods',
      ...podsOf(object),
      without: ['node'],
      empty: t('detail.noPods'),
    },
  ],
  actions: {
    cordoned: (object) => isCordoned(as<Node>(object)),
    drain: true,
    dangerous: true,
    fleeting: true,
    loss: {
      pods: podsOf,
      text: (t, _, count) =>
        count === undefined ? t('actions.deleteNodeUncounted') : t('actions.deleteNode', { count }),
    },
  },
};
