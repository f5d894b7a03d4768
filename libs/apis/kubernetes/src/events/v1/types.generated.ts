// Generated from the Kubernetes 1.36 schema by tools/generate-types.mjs. Do not edit.
import type { ListMeta, ObjectMeta } from '@binnacle/machinery-meta';
import type { EventSource, ObjectReference } from '../../core/v1/index.js';

export interface Event {
  action?: string;
  apiVersion: string;
  deprecatedCount?: number;
  deprecatedFirstTimestamp?: string;
  deprecatedLastTimestamp?: string;
  deprecatedSource?: EventSource;
  eventTime: string;
  kind: string;
  metadata: ObjectMeta;
  note?: string;
  reason?: string;
  regarding?: ObjectReference;
  related?: ObjectReference;
  reportingController?: string;
  reportingInstance?: string;
  series?: EventSeries;
  type?: string;
}

export interface EventList {
  apiVersion: string;
  items: Event[];
  kind: string;
  metadata: ListMeta;
}

export interface EventSeries {
  count: number;
  lastObservedTime: string;
}
