import type { LucideIcon } from 'lucide-react';
import {
  Activity,
  Boxes,
  Box,
  Container,
  FileText,
  FolderTree,
  KeyRound,
  Layers,
  Network,
  Server,
  Waypoints,
} from 'lucide-react';

interface NavItem {
  /** The kind's id. */
  readonly id: string;
  readonly icon: LucideIcon;
  /** The second stroke after `g`. */
  readonly key?: string;
}

export interface NavGroup {
  readonly title: 'cluster' | 'workloads' | 'network' | 'config';
  readonly items: readonly NavItem[];
}

/** The kinds people look for first; every other is under All kinds and in the palette. */
export const NAVIGATION: readonly NavGroup[] = [
  {
    title: 'cluster',
    items: [
      { id: 'nodes', icon: Server, key: 'n' },
      { id: 'namespaces', icon: FolderTree, key: 'm' },
      { id: 'events', icon: Activity, key: 'e' },
    ],
  },
  {
    title: 'workloads',
    items: [
      { id: 'deployments.apps', icon: Layers, key: 'd' },
      { id: 'replicasets.apps', icon: Boxes, key: 'r' },
      { id: 'pods', icon: Box, key: 'p' },
    ],
  },
  {
    title: 'network',
    items: [
      { id: 'services', icon: Network, key: 's' },
      { id: 'endpointslices.discovery.k8s.io', icon: Waypoints },
    ],
  },
  {
    title: 'config',
    items: [
      { id: 'configmaps', icon: FileText, key: 'c' },
      { id: 'secrets', icon: KeyRound },
    ],
  },
];

const ICONS = new Map(NAVIGATION.flatMap(({ items }) => items.map(({ id, icon }) => [id, icon] as const)));

/** The sign of a kind; one for all that have none of their own. */
export function iconOf(id: string): LucideIcon {
  return ICONS.get(id) ?? Container;
}
