import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { Status, Tag } from '@binnacle/web-ui';
import { as, type Fact, type KindColumn, type KindView } from '../kinds/kind-view.js';
import type { Translate } from '../messages/index.js';
import { formatBytes, formatCores, units } from '../objects/quantities.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import { nodeAddress, nodeRoles, nodeStatus } from './node-status.js';

function columns(t: Translate): KindColumn[] {
  const capacity = (object: Parameters<KindColumn['value']>[0], name: string) =>
    units(as<Node>(object).status?.allocatable?.[name]);
  return [
    {
      id: 'status',
      title: t('list.status'),
      track: 'minmax(9rem,1.5fr)',
      value: (object) => nodeStatus(as<Node>(object)).label,
      cell: (object) => {
        const { tone, label, detail } = nodeStatus(as<Node>(object));
        return (
          <Status tone={tone} title={detail}>
            {label}
          </Status>
        );
      },
    },
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
      cell: (object) => <Quiet>{formatBytes(capacity(object, 'memory'))}</Quiet>,
    },
    {
      id: 'version',
      title: t('columns.version'),
      track: '7rem',
      from: 820,
      value: (object) => as<Node>(object).status?.nodeInfo?.kubeletVersion ?? '',
      cell: (object) => <Quiet>{as<Node>(object).status?.nodeInfo?.kubeletVersion}</Quiet>,
    },
    {
      id: 'address',
      title: t('columns.address'),
      track: '8rem',
      from: 900,
      value: (object) => nodeAddress(as<Node>(object), 'InternalIP'),
      cell: (object) => (
        <Mono>
          <OrNone>{nodeAddress(as<Node>(object), 'InternalIP')}</OrNone>
        </Mono>
      ),
    },
  ];
}

function facts(node: Node, t: Translate): Fact[] {
  const info = node.status?.nodeInfo;
  const taints = node.spec?.taints ?? [];
  return [
    {
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
    { label: t('detail.kubelet'), value: <OrNone>{info?.kubeletVersion}</OrNone> },
    { label: t('detail.runtime'), value: <OrNone>{info?.containerRuntimeVersion}</OrNone> },
    { label: t('detail.os'), value: <OrNone>{info?.osImage}</OrNone> },
    {
      label: t('detail.taints'),
      value: taints.length ? (
        <ul>
          {taints.map(({ key, value, effect }) => (
            <li key={key + effect} className="break-all">
              <Mono>{`${key}${value ? `=${value}` : ''}:${effect}`}</Mono>
            </li>
          ))}
        </ul>
      ) : (
        <None />
      ),
    },
  ];
}

export const nodeView: KindView = {
  status: (object) => nodeStatus(as<Node>(object)),
  columns,
  facts: (object, t) => facts(as<Node>(object), t),
};
