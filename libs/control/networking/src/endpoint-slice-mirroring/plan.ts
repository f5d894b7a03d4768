import type { Endpoints, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import {
  ANNOTATION_LAST_APPLIED_CONFIG,
  LABEL_SERVICE_NAME,
  LABEL_SKIP_MIRROR,
} from '@binnacle/apis-kubernetes/well-known';
import { controllerReferenceTo } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { LONGEST_PREFIX, MANAGED_BY_LABEL } from '../endpoint-slice/slice-metadata.js';
import { portsKey } from '../slices/ports-key.js';
import type { SlicePlan } from '../slices/slice-writer.js';
import { type MirrorGroup, MOST_MIRRORED, mirrorGroups } from './mirrored-endpoints.js';

export const MIRRORER = 'endpointslicemirroring-controller.k8s.io';
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';
/** About the Endpoints object itself, so not handed down. */
const OWN_ANNOTATIONS = new Set(['endpoints.kubernetes.io/last-change-trigger-time', ANNOTATION_LAST_APPLIED_CONFIG]);
const ENDPOINTS = { apiVersion: 'v1', kind: 'Endpoints' };

type Existing = readonly EndpointSlice[];

/** Whether somebody keeps these Endpoints by hand, for a Service that chooses no Pods itself. */
export function isMirrored(service: Service | undefined, endpoints: Endpoints | undefined): endpoints is Endpoints {
  if (!service || service.spec?.selector || !endpoints || endpoints.metadata.deletionTimestamp) return false;
  const { labels = {}, annotations = {} } = endpoints.metadata;
  return labels[LABEL_SKIP_MIRROR] !== 'true' && !(LEADER_ANNOTATION in annotations);
}

function metadataOf(endpoints: Endpoints) {
  const { name = '', labels, annotations = {} } = endpoints.metadata;
  return {
    labels: { ...labels, [LABEL_SERVICE_NAME]: name, [MANAGED_BY_LABEL]: MIRRORER },
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !OWN_ANNOTATIONS.has(key))),
    ownerReferences: [controllerReferenceTo(endpoints, ENDPOINTS)],
  };
}

function newSlice(endpoints: Endpoints, { addressType, ports, endpoints: mirrored }: MirrorGroup): EndpointSlice {
  const { name = '', namespace } = endpoints.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { generateName: `${name.slice(0, LONGEST_PREFIX)}-`, namespace, ...metadataOf(endpoints) },
    addressType,
    endpoints: mirrored.slice(0, MOST_MIRRORED),
    ports: [...ports],
  };
}

/** The slice with what it should hold; undefined when it does. */
function changed(slice: EndpointSlice, wanted: EndpointSlice): EndpointSlice | undefined {
  const { labels, annotations, ownerReferences } = wanted.metadata;
  const metadata = { ...slice.metadata, labels, annotations, ownerReferences };
  const next = { ...slice, metadata, endpoints: wanted.endpoints };
  return semanticEqual(next, slice) ? undefined : next;
}

/** One slice for each group of addresses, and no other. Behaves as kubernetes pkg/controller/endpointslicemirroring. */
export function planMirror(endpoints: Endpoints, existing: Existing): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const left = new Set(existing);
  for (const group of mirrorGroups(endpoints)) {
    const wanted = newSlice(endpoints, group);
    const home = existing.find(
      (slice) =>
        left.has(slice) && slice.addressType === wanted.addressType && portsKey(slice.ports) === portsKey(wanted.ports),
    );
    if (!home) {
      plan.create.push(wanted);
      continue;
    }
    left.delete(home);
    const next = changed(home, wanted);
    if (next) plan.update.push(next);
  }
  plan.remove.push(...left);
  return plan;
}
