// Generated from the Kubernetes 1.36 schema by tools/generate-types.mjs. Do not edit.
import type { ListMeta, ObjectMeta, Quantity } from '@binnacle/machinery-meta';
import type { Toleration } from '../../core/v1/index.js';

export interface Overhead {
  podFixed?: Record<string, Quantity>;
}

export interface RuntimeClass {
  apiVersion: string;
  handler: string;
  kind: string;
  metadata: ObjectMeta;
  overhead?: Overhead;
  scheduling?: Scheduling;
}

export interface RuntimeClassList {
  apiVersion: string;
  items: RuntimeClass[];
  kind: string;
  metadata: ListMeta;
}

export interface Scheduling {
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
}
