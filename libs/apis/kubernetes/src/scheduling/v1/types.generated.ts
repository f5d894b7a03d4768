// Generated from the Kubernetes 1.36 schema by tools/generate-types.mjs. Do not edit.
import type { ListMeta, ObjectMeta } from '@binnacle/machinery-meta';

export interface PriorityClass {
  apiVersion: string;
  description?: string;
  globalDefault?: boolean;
  kind: string;
  metadata: ObjectMeta;
  preemptionPolicy?: string;
  value?: number;
}

export interface PriorityClassList {
  apiVersion: string;
  items: PriorityClass[];
  kind: string;
  metadata: ListMeta;
}
