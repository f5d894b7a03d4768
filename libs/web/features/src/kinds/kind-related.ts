import type { UnstructuredObject } from '@binnacle/web-data';
import { type ComponentType, lazy } from 'react';
import { DataPanel } from '../generic/data-panel.js';
import { NamespaceContents } from '../generic/namespace-contents.js';
import { NodePods } from '../nodes/node-pods.js';
import { PodContainers } from '../pods/pod-containers.js';
import { ServiceEndpoints } from '../services/service-endpoints.js';
import { SliceEndpoints } from '../services/slice-endpoints.js';
import { DeploymentRelated } from '../workloads/deployment-related.js';
import { SelectedPods } from '../workloads/selected-pods.js';

type Related = ComponentType<{ readonly object: UnstructuredObject }>;

/** What stands below the facts of an object: the objects it has to do with, or its contents. */
const RELATED: Readonly<Record<string, Related>> = {
  nodes: NodePods,
  namespaces: NamespaceContents,
  pods: PodContainers,
  services: ServiceEndpoints,
  'endpointslices.discovery.k8s.io': SliceEndpoints,
  'deployments.apps': DeploymentRelated,
  'replicasets.apps': SelectedPods,
  replicationcontrollers: SelectedPods,
  'statefulsets.apps': SelectedPods,
  'daemonsets.apps': SelectedPods,
  'jobs.batch': SelectedPods,
  'poddisruptionbudgets.policy': SelectedPods,
  configmaps: DataPanel,
  secrets: DataPanel,
};

/** Reads and writes YAML, which the other pages can do without. */
const Contents = lazy(() =>
  import('../generic/contents-panel.js').then((module) => ({ default: module.ContentsPanel })),
);

export function kindRelated(id: string): Related {
  return RELATED[id] ?? Contents;
}
