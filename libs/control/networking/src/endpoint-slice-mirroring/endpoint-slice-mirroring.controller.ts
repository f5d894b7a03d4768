import type { Endpoints, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import {
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromMapped,
  fromObjects,
  type Outcome,
  type Reconciler,
} from '@binnacle/client-controller';
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { MANAGED_BY_LABEL } from '../endpoint-slice/slice-metadata.js';
import { SliceWriter } from '../slices/slice-writer.js';
import { countLeftOut, MOST_MIRRORED } from './mirrored-endpoints.js';
import { isMirrored, MIRRORER, planMirror } from './plan.js';

const MIRRORS_OF_SERVICE = 'mirrorService';

interface MirroringOptions {
  readonly services: Lister<Service>;
  readonly endpoints: Lister<Endpoints>;
  readonly slices: SharedInformer<EndpointSlice>;
  readonly writer: SliceWriter;
  readonly recorder: EventRecorder;
}

class EndpointSliceMirroringReconciler implements Reconciler {
  constructor(private readonly options: MirroringOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { services, slices, writer } = this.options;
    const endpoints = this.options.endpoints.get(key);
    const existing = slices.byIndex(MIRRORS_OF_SERVICE, key).filter(({ metadata }) => !metadata.deletionTimestamp);
    if (!isMirrored(services.get(key), endpoints)) {
      await writer.carryOut(ctx, { create: [], update: [], remove: existing });
      return done;
    }
    this.warn(endpoints);
    await writer.carryOut(ctx, planMirror(endpoints, existing));
    return done;
  }

  private warn(endpoints: Endpoints): void {
    const leftOut = countLeftOut(endpoints);
    if (leftOut === 0) return;
    const limit = `A max of ${MOST_MIRRORED} addresses can be mirrored to EndpointSlices per Endpoints subset.`;
    const message = `${limit} ${leftOut} addresses were skipped`;
    this.options.recorder.event(endpoints, 'Warning', 'TooManyAddressesToMirror', message);
  }
}

/** The Endpoints of a slice that this controller keeps. */
function endpointsKey({ metadata }: EndpointSlice): string[] {
  const name = metadata.labels?.[LABEL_SERVICE_NAME];
  return name && metadata.labels?.[MANAGED_BY_LABEL] === MIRRORER ? [`${metadata.namespace}/${name}`] : [];
}

export function endpointSliceMirroringController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const services = informers.for<Service>(refs.services);
  const endpoints = informers.for<Endpoints>(refs.endpoints);
  const slices = informers.for<EndpointSlice>(refs.endpointslices);
  slices.addIndex(MIRRORS_OF_SERVICE, endpointsKey);
  const writer = new SliceWriter(client.resource<EndpointSlice>(refs.endpointslices), slices);
  const recorder = createEventRecorder(ctx, client, { component: 'endpoint-slice-mirroring-controller' });
  return createController({
    name: 'endpointslicemirroring',
    reconciler: new EndpointSliceMirroringReconciler({ services, endpoints, slices, writer, recorder }),
    sources: [fromObjects(endpoints), fromObjects(services), fromMapped(slices, endpointsKey)],
    synced: [],
  });
}
