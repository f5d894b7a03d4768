import type { Pod, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { ReachabilityEnd, ReachabilityReviewSpec } from '@binnacle/apis-kubernetes/reachability/v1';
import {
  endpointsIn,
  EVERY_NODE,
  type FlowEnd,
  hasEnded,
  policyPod,
  programOf,
  type ServiceEndpoint,
} from '@binnacle/apis-network-policy';
import type { AskedObjects } from './asked-objects.js';

/** The machine that carries simulated nodes: of whichever node is asked about. */
const MACHINE = '127.0.0.1';
/** Of one Service. */
const MOST_ENDPOINTS = 50;

/** Where a connection may end, and at which port. */
export interface ReviewTarget {
  readonly end: FlowEnd;
  readonly port: number;
  /** Who asks may not see the Pod that is there. */
  readonly isWithheld?: boolean;
}

/** Whom a question asks to reach: where that may end, or why nowhere. */
export interface ReviewTargets {
  readonly targets: readonly ReviewTarget[];
  readonly nowhere?: string;
  /** There are more. */
  readonly incomplete?: boolean;
}

const endOfPod = (pod: Pod): FlowEnd => ({ ip: pod.status?.podIP ?? '', pod: policyPod(pod) });

/** Finds who the ends of a question are. */
export class ReviewEnds {
  constructor(private readonly objects: AskedObjects) {}

  async from({ namespace = '', pod, labels = {}, ip }: ReachabilityEnd): Promise<FlowEnd> {
    if (ip === MACHINE) return { ip, node: EVERY_NODE };
    if (ip) return await this.at(ip);
    if (pod) return endOfPod(await this.objects.pod(namespace, pod));
    return { ip: '', pod: { namespace, name: '', labels, node: '', hostNetwork: false, ports: [] } };
  }

  async to({ to, port, protocol = 'TCP' }: ReachabilityReviewSpec): Promise<ReviewTargets> {
    const { namespace = '', pod, service, ip } = to;
    if (pod) return this.ofPod(await this.objects.pod(namespace, pod), port);
    const found = service ? await this.objects.service(namespace, service) : await this.objects.serviceAt(ip ?? '');
    if (found) return await this.ofService(found, port, protocol);
    return { targets: [{ end: await this.at(ip ?? ''), port }] };
  }

  private async at(ip: string): Promise<FlowEnd> {
    const pod = await this.objects.podAt(ip);
    return pod ? endOfPod(pod) : { ip, node: await this.objects.nodeAt(ip) };
  }

  private ofPod(pod: Pod, port: number): ReviewTargets {
    const { namespace, name } = pod.metadata;
    if (hasEnded(pod)) return { targets: [], nowhere: `${namespace}/${name} has ended: nobody hears there.` };
    return { targets: [{ end: endOfPod(pod), port }] };
  }

  private async ofService(service: Service, number: number, protocol: string): Promise<ReviewTargets> {
    const text = `the Service ${service.metadata.namespace}/${service.metadata.name}`;
    const isAsked = (port: ServicePort) => port.port === number && (port.protocol ?? 'TCP') === protocol;
    const port = service.spec?.ports?.find(isAsked);
    if (!port) return { targets: [], nowhere: `${sentence(text)} has no port ${protocol} ${number}.` };
    const program = programOf(service);
    if (program) return { targets: [{ end: { ip: service.spec?.clusterIP ?? '', pod: program }, port: number }] };
    const endpoints = (await this.objects.slices(service)).flatMap((slice) => endpointsIn(slice, port));
    if (endpoints.length === 0) return { targets: [], nowhere: `${sentence(text)} has no endpoints at that port.` };
    const some = endpoints.slice(0, MOST_ENDPOINTS);
    const found = await Promise.all(some.map((endpoint) => this.ofEndpoint(service, endpoint)));
    const targets = found.flatMap((target) => target ?? []);
    if (targets.length === 0) return { targets, nowhere: `The endpoints of ${text} are gone.` };
    return { targets, incomplete: endpoints.length > some.length };
  }

  /** An endpoint is the Pod that it says to be. Undefined where that is gone, or has another address by now. */
  private async ofEndpoint(
    { metadata }: Service,
    { ip, port, pod: name }: ServiceEndpoint,
  ): Promise<ReviewTarget | undefined> {
    if (!name) return { end: { ip }, port };
    const found = await this.objects.endpoint(metadata.namespace ?? '', name);
    if (found?.value.status?.podIP !== ip) return undefined;
    return { end: endOfPod(found.value), port, ...(!found.isTold && { isWithheld: true }) };
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
