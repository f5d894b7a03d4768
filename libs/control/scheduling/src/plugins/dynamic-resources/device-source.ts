import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { DeviceClass, ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { SharedInformerFactory } from '@binnacle/client-informers';
import type { Handle, SharedState } from '../../framework/handle.js';
import { ClaimTracker } from './claim-tracker.js';
import { ClaimWriter } from './claim-writer.js';
import { DynamicResources } from './dynamic-resources.js';
import { type ClassOfResource, classOfResource } from './extended-resources.js';
import { PodStatusWriter } from './pod-status-writer.js';

/** Index: classes by the extended resource that their devices are. */
const EXTENDED = 'extendedResource';

/** Profiles decide about the same devices. */
const trackers = new WeakMap<SharedState, ClaimTracker>();

function trackerOf({ shared, informers }: Handle): ClaimTracker {
  const known = trackers.get(shared);
  if (known) return known;
  const claims = informers.for<ResourceClaim>(refs.resourceclaims);
  const tracker = new ClaimTracker(claims, informers.for<ResourceSlice>(refs.resourceslices));
  trackers.set(shared, tracker);
  return tracker;
}

/** Extended resources by the classes of devices behind them. */
export function deviceResources(informers: SharedInformerFactory): ClassOfResource {
  const classes = informers.for<DeviceClass>(refs.deviceclasses);
  classes.addIndex(EXTENDED, ({ spec }) => (spec?.extendedResourceName ? [spec.extendedResourceName] : []));
  return classOfResource(
    (name) => classes.get(name),
    (resource) => classes.byIndex(EXTENDED, resource),
  );
}

/** `timeout` is how long a Pod waits for its devices before it is bound, in milliseconds. */
export function createDynamicResources(handle: Handle, timeout: number): DynamicResources {
  const { informers, client, recorder, shared } = handle;
  const claims = informers.for<ResourceClaim>(refs.resourceclaims);
  const classes = informers.for<DeviceClass>(refs.deviceclasses);
  return new DynamicResources({
    clock: shared.clock,
    timeout,
    claim: (key) => claims.get(key),
    deviceClass: (name) => classes.get(name),
    classOfResource: deviceResources(informers),
    tracker: trackerOf(handle),
    writer: new ClaimWriter({ timeout, claims, client: client.resource<ResourceClaim>(refs.resourceclaims) }),
    pods: new PodStatusWriter(client.resource<Pod>(refs.pods)),
    recorder,
  });
}
