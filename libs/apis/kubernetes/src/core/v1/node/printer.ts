import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  NONE,
  nameColumn,
  nameOf,
  UNKNOWN,
  wide,
} from '@binnacle/apis-registry';
import type { Node } from '../index.js';
import { LABEL_NODE_ROLE_PREFIX } from '../../../well-known/index.js';

const ROLE_LABEL = 'kubernetes.io/role';

function readiness(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (!ready) return 'Unknown';
  return ready.status === 'True' ? 'Ready' : 'NotReady';
}

function statusOf(node: Node): string {
  return node.spec?.unschedulable ? `${readiness(node)},SchedulingDisabled` : readiness(node);
}

function roleOf([key, value]: [string, string]): string {
  if (key.startsWith(LABEL_NODE_ROLE_PREFIX)) return key.slice(LABEL_NODE_ROLE_PREFIX.length);
  return key === ROLE_LABEL ? value : '';
}

function rolesOf(node: Node): string {
  const roles = new Set(
    Object.entries(node.metadata.labels ?? {})
      .map(roleOf)
      .filter(Boolean),
  );
  return [...roles].sort().join(',') || NONE;
}

function addressOf(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address ?? NONE;
}

export const printer: TablePrinter<Node> = {
  columns: [
    nameColumn,
    column('Status', 'Whether the node is ready and takes new Pods.'),
    column('Roles', 'Roles given by node-role.kubernetes.io labels.'),
    ageColumn,
    column('Version', 'Version of the kubelet.'),
    wide('Internal-IP', 'Address inside the cluster.'),
    wide('External-IP', 'Address reachable from outside.'),
    wide('OS-Image', 'Operating system, as the node reports it.'),
    wide('Kernel-Version', 'Kernel, as the node reports it.'),
    wide('Container-Runtime', 'Runtime that runs the containers, and its version.'),
  ],
  row: (node, now) => {
    const info = node.status?.nodeInfo;
    return [
      nameOf(node),
      statusOf(node),
      rolesOf(node),
      ageOf(node, now),
      info?.kubeletVersion ?? '',
      addressOf(node, 'InternalIP'),
      addressOf(node, 'ExternalIP'),
      info?.osImage || UNKNOWN,
      info?.kernelVersion || UNKNOWN,
      info?.containerRuntimeVersion || UNKNOWN,
    ];
  },
};
