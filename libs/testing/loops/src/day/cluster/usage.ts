import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { Transport, TransportAnswer, TransportRequest } from '@binnacle/client-rest';
import { formatTime } from '@binnacle/machinery-context';
import { parseLabelSelector } from '@binnacle/machinery-selectors';
import type { Machine } from './machine.js';
import type { StoreView } from './store-view.js';

/** What an application uses in all, in thousandths of a core, at a time. */
export type LoadOf = (app: string, now: number) => number | undefined;

const PATH = /^\/apis\/metrics\.k8s\.io\/v1beta1\/namespaces\/([^/?]+)\/pods(?:\?(.*))?$/;
/** What a Pod uses of which nothing is said. */
const AT_REST = 5;

export interface UsageParts {
  readonly view: StoreView;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly loadOf: LoadOf;
  readonly now: () => number;
}

/** Pods whose kubelet can be asked. */
function measured({ view, machines }: UsageParts, namespace: string): Pod[] {
  return view
    .list<Pod>(refs.pods, namespace)
    .filter(({ spec, status }) => status?.phase === 'Running' && machines.get(spec?.nodeName ?? '')?.isHeard);
}

/** The Pods of one application share its load. */
function metricsOf(parts: UsageParts, namespace: string, query: string): object {
  const now = parts.now();
  const pods = measured(parts, namespace);
  const selector = parseLabelSelector(new URLSearchParams(query).get('labelSelector') ?? '');
  const items = pods
    .filter(({ metadata }) => selector.matches(metadata.labels))
    .map(({ metadata, spec }) => {
      const app = metadata.labels?.app ?? '';
      const sharing = pods.filter((pod) => pod.metadata.labels?.app === app).length;
      const cpu = Math.round((parts.loadOf(`${namespace}/${app}`, now) ?? AT_REST * sharing) / sharing);
      const containers = (spec?.containers ?? []).map(({ name }) => ({
        name,
        usage: { cpu: `${cpu}m`, memory: '16Mi' },
      }));
      return { metadata: { name: metadata.name, namespace }, timestamp: formatTime(now), window: '15s', containers };
    });
  return { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetricsList', metadata: {}, items };
}

function answerOf(body: object): TransportAnswer {
  const text = JSON.stringify(body);
  return {
    status: 200,
    header: () => undefined,
    text: async () => text,
    chunks: async function* () {
      yield Buffer.from(text);
    },
  };
}

/** The same server, beside which somebody measures what Pods use: no kubelet here has a port that it could ask. */
export function withUsage(transport: Transport, parts: UsageParts): Transport {
  return {
    ...transport,
    send: async (ctx, request: TransportRequest) => {
      const [, namespace, query = ''] = PATH.exec(request.path) ?? [];
      return namespace === undefined
        ? await transport.send(ctx, request)
        : answerOf(metricsOf(parts, namespace, query));
    },
  };
}
