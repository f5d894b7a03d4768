import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { type RequestTrialSpec, type RequestTrialStatus, requestTrialKind } from '@binnacle/apis-kubernetes/trial/v1';
import { newBadRequest, newForbidden, newInvalid, newRequestEntityTooLarge } from '@binnacle/machinery-meta';
import {
  fieldPath,
  type FieldError,
  invalid,
  invalidEach,
  isPortNumber,
  required,
} from '@binnacle/machinery-validation';
import type { AskFor } from '@binnacle/server-auth';
import { asServer, type CallerContext, type Registry, selectionOf } from '@binnacle/server-registry';
import { presentCluster } from '@binnacle/server-storage';
import { OpenConnections } from '../kubelet/open-connections.js';
import type { Proxies } from './proxies.js';
import { readTrial } from './read-trial.js';

const SPEC = fieldPath('spec');
/** What a path of HTTP may be made of. */
const PATH = /^\/[\u0021-\u007e]{0,1023}$/;
/** Of one identity at a time. */
const MOST_OPEN = 2;
/** Of a hundred endpoints each. */
const MOST_SLICES = 100;
const LATEST = { at: 'latest' } as const;

function checked({ namespace = '', service = '', port = 0, path = '/' }: Partial<RequestTrialSpec>) {
  const errors: FieldError[] = [
    ...(namespace ? [] : [required(SPEC.child('namespace'))]),
    ...(service ? [] : [required(SPEC.child('service'))]),
    ...invalidEach(SPEC.child('port'), port, isPortNumber(port)),
    ...(PATH.test(path) ? [] : [invalid(SPEC.child('path'), path, 'must be a path of HTTP, at most 1024 characters')]),
  ];
  const { group, kind } = requestTrialKind;
  if (errors.length > 0) throw newInvalid({ group, kind }, '', errors);
  return { namespace, service, port, path };
}

/** The proxy's name of a port, over TCP. */
function servicePort({ spec }: Service, number: number): string {
  const found = spec?.ports?.find(({ port, protocol = 'TCP' }) => port === number && protocol === 'TCP');
  if (!found) throw newBadRequest(`the Service has no TCP port ${number}`);
  return found.name || String(number);
}

/** Whoever may write endpoints must not lead others to what is none of their namespace's Pods. */
function checkEndpoints(slices: readonly EndpointSlice[], namespace: string): void {
  const isOwn = ({ targetRef }: NonNullable<EndpointSlice['endpoints']>[number]) =>
    targetRef?.kind === 'Pod' && (targetRef.namespace ?? namespace) === namespace;
  if (slices.every(({ endpoints }) => (endpoints ?? []).every(isOwn))) return;
  const why = 'it leads elsewhere than to Pods of its namespace';
  throw newForbidden({ group: '', resource: 'services' }, '', `requests to this Service are not tried: ${why}`);
}

/** Sends requests to Services for whoever may get their `proxy`, by way of the proxy that has their ports open. */
export class RequestTrials {
  private readonly open = new OpenConnections('requests that are tried', MOST_OPEN);

  constructor(
    private readonly registry: Pick<Registry, 'get'>,
    private readonly permit: AskFor,
    private readonly proxies: Pick<Proxies, 'ask'>,
  ) {}

  /** Rejects with Invalid for what is no question, with Forbidden or NotFound for a Service that who asks may not reach or that is not there. */
  async answer(ctx: CallerContext, asked: Partial<RequestTrialSpec>): Promise<RequestTrialStatus> {
    const { namespace, service: name, port, path } = checked(asked);
    const { cluster, user } = ctx;
    if (presentCluster(cluster) !== cluster) throw newBadRequest('nobody answers in the past of a cluster');
    const resource = { group: '', version: 'v1', resource: 'services', subresource: 'proxy', namespace, name };
    await this.permit(ctx, { user, cluster, verb: 'get', resource });
    const service = await this.serviceOf(ctx, namespace, name);
    const query = new URLSearchParams({ namespace, name, port: servicePort(service, port), path });
    const leave = this.open.enter(user.name);
    try {
      const [told] = await this.proxies.ask(ctx, `/try/${encodeURIComponent(cluster)}?${query}`);
      return readTrial(told ?? { failure: 'NoAddress' });
    } finally {
      leave();
    }
  }

  private async serviceOf(ctx: CallerContext, namespace: string, name: string): Promise<Service> {
    const store = this.registry.get('', 'v1', 'services');
    const stored = await store.get(asServer(ctx), { namespace, name }, LATEST);
    checkEndpoints(await this.slicesOf(ctx, namespace, name), namespace);
    return store.decode(stored) as unknown as Service;
  }

  private async slicesOf(ctx: CallerContext, namespace: string, name: string): Promise<EndpointSlice[]> {
    const store = this.registry.get('discovery.k8s.io', 'v1', 'endpointslices');
    const labelSelector = `${LABEL_SERVICE_NAME}=${name}`;
    const selection = selectionOf(store.definition, { namespace, labelSelector });
    const { items, more } = await store.list(asServer(ctx), selection, { revision: LATEST, limit: MOST_SLICES });
    if (more) throw newRequestEntityTooLarge('the Service has more endpoints than are looked through');
    return items.map((item) => store.decode(item) as unknown as EndpointSlice);
  }
}
