import { fromBytes } from '@binnacle/machinery-quantity';
import type { UnstructuredObject } from '@binnacle/machinery-meta';

interface Figures {
  readonly cpu?: { readonly time?: string; readonly usageNanoCores?: number };
  readonly memory?: { readonly workingSetBytes?: number };
}

/** What is read of a kubelet's `/stats/summary`. */
export interface Summary {
  readonly node: Figures;
  readonly pods?: ReadonlyArray<
    Figures & {
      readonly podRef: { readonly name: string; readonly namespace: string; readonly uid: string };
      readonly containers?: ReadonlyArray<Figures & { readonly name: string }>;
    }
  >;
}

export type PodSummary = NonNullable<Summary['pods']>[number];

/** Over how long kubelets measure. */
const WINDOW = '15s';
const API = 'metrics.k8s.io/v1beta1';
const KIBIBYTE = 1024;

/** As metrics-server writes amounts: nanocores and kibibytes. */
function usage({ cpu, memory }: Figures): object {
  const kibibytes = Math.round((memory?.workingSetBytes ?? 0) / KIBIBYTE);
  return { cpu: `${Math.round(cpu?.usageNanoCores ?? 0)}n`, memory: kibibytes === 0 ? fromBytes(0) : `${kibibytes}Ki` };
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
}

function measured(kind: string, { labels, ...named }: Named, time: string | undefined): UnstructuredObject {
  const when = time ?? '';
  const metadata = {
    ...named,
    creationTimestamp: when,
    ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
  };
  return { apiVersion: API, kind, metadata, timestamp: when, window: WINDOW } as UnstructuredObject;
}

export function nodeMetrics(of: Named, { node }: Summary): UnstructuredObject {
  return { ...measured('NodeMetrics', of, node.cpu?.time), usage: usage(node) };
}

export function podMetrics(of: Named, pod: PodSummary): UnstructuredObject {
  const containers = (pod.containers ?? []).map((each) => ({ name: each.name, usage: usage(each) }));
  return { ...measured('PodMetrics', of, pod.cpu?.time), containers };
}
