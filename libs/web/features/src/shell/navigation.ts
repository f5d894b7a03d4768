import type { LucideIcon } from 'lucide-react';
import {
  Activity,
  Boxes,
  Box,
  CalendarClock,
  Container,
  Database,
  Disc3,
  FileText,
  FolderTree,
  HardDrive,
  KeyRound,
  Layers,
  ListChecks,
  Network,
  PanelsTopLeft,
  Route,
  Scaling,
  Server,
  Warehouse,
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
  readonly title: 'cluster' | 'workloads' | 'network' | 'storage' | 'config';
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
      { id: 'statefulsets.apps', icon: Database, key: 't' },
      { id: 'daemonsets.apps', icon: PanelsTopLeft },
      { id: 'replicasets.apps', icon: Boxes, key: 'r' },
      { id: 'jobs.batch', icon: ListChecks, key: 'j' },
      { id: 'cronjobs.batch', icon: CalendarClock },
      { id: 'pods', icon: Box, key: 'p' },
      { id: 'horizontalpodautoscalers.autoscaling', icon: Scaling },
    ],
  },
  {
    title: 'network',
    items: [
      { id: 'services', icon: Network, key: 's' },
      { id: 'endpointslices.discovery.k8s.io', icon: Waypoints },
      { id: 'ingresses.networking.k8s.io', icon: Route },
    ],
  },
  {
    title: 'storage',
    items: [
      { id: 'persistentvolumeclaims', icon: HardDrive, key: 'v' },
      { id: 'persistentvolumes', icon: Disc3 },
      { id: 'storageclasses.storage.k8s.io', icon: Warehouse },
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
