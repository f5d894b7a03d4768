import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress, IngressClass, IngressLoadBalancerIngress } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromMapped, fromObjects } from '@binnacle/client-controller';
import { type Informer, keyOf, splitKey } from '@binnacle/client-informers';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists, type KubeObject } from '@binnacle/machinery-meta';
import { newClass, type OurClass } from './ingress-classes.js';
import type { OurIngresses } from './our-ingresses.js';
import { publishedService } from './published-service.js';

export interface LoopParts {
  readonly client: KubeClient;
  readonly ours: OurIngresses;
}

const ENTRANCE_PORTS = [
  { name: 'http', port: 80 },
  { name: 'https', port: 443 },
];

const addresses = ({ status }: Ingress): readonly IngressLoadBalancerIngress[] => status?.loadBalancer?.ingress ?? [];

function hasAddress(ingress: Ingress, address: string): boolean {
  const [only, ...more] = addresses(ingress);
  return only?.ip === address && only.hostname === undefined && more.length === 0;
}

async function makeUnlessThere<T extends KubeObject>(
  ctx: Context,
  client: ResourceClient<T>,
  object: T,
): Promise<void> {
  await client.create(ctx, object).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

/** Writes into every Ingress of ours where it is served. */
export function ingressStatusController({ client, ours }: LoopParts): Controller {
  const { ingresses, classes, published } = ours.objects;
  const all = () => ours.list().map(keyOf);
  return createController({
    name: 'ingress-status',
    reconciler: {
      async reconcile(ctx, key) {
        const { address } = ours;
        const ingress = ingresses.get(key);
        if (!ingress || address === undefined || !ours.has(ingress) || hasAddress(ingress, address)) return done;
        const status = { loadBalancer: { ingress: [{ ip: address }] } };
        await client.resource<Ingress>(refs.ingresses).patch(ctx, splitKey(key), 'merge', { status }, 'status');
        return done;
      },
    },
    sources: [fromObjects(ingresses), fromMapped(classes, all), fromMapped(published, all)],
  });
}

/** Makes the Service that has an address given to the entrance, as soon as there is an Ingress to be served there. */
export function publishedServiceController({ client, ours }: LoopParts): Controller {
  const { ingresses, classes, published } = ours.objects;
  const { namespace, name } = ours.service;
  const key = `${namespace}/${name}`;
  return createController({
    name: 'ingress-service',
    reconciler: {
      async reconcile(ctx) {
        if (ours.published || ours.list().length === 0) return done;
        const service = publishedService(ours.service, ENTRANCE_PORTS);
        await makeUnlessThere(ctx, client.resource<Service>(refs.services), service);
        return done;
      },
    },
    sources: [fromMapped(ingresses, () => key), fromMapped(classes, () => key), fromMapped(published, () => key)],
    workers: 1,
  });
}

/** Makes our class in a cluster that has nodes. What is there already is its administrator's. */
export function ingressClassController(
  client: KubeClient,
  { classes, nodes }: { readonly classes: Informer<IngressClass>; readonly nodes: Informer<Node> },
  ours: OurClass,
): Controller {
  let isMade = false;
  return createController({
    name: 'ingress-class',
    reconciler: {
      async reconcile(ctx) {
        if (classes.get(ours.name)) isMade = true;
        if (isMade || nodes.list().length === 0) return done;
        await makeUnlessThere(ctx, client.resource<IngressClass>(refs.ingressclasses), newClass(ours, classes.list()));
        isMade = true;
        return done;
      },
    },
    sources: [fromMapped(nodes, () => ours.name), fromMapped(classes, () => ours.name)],
    workers: 1,
  });
}
