import { fromBytes } from '@binnacle/machinery-quantity';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Figures, MeasuredNode, MeasuredPod } from './measured.js';

/** Over how long kubelets measure. */
const WINDOW = '15s';
const API = 'metrics.k8s.io/v1beta1';
const KIBIBYTE = 1024;

/** As metrics-server writes amounts: nanocores and kibibytes. */
export function usageText({ nanoCores, bytes }: Figures): { readonly cpu: string; readonly memory: string } {
  const kibibytes = Math.round(bytes / KIBIBYTE);
  return { cpu: `${Math.round(nanoCores)}n`, memory: kibibytes === 0 ? fromBytes(0) : `${kibibytes}Ki` };
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
}

function measured(kind: string, { labels, ...named }: Named, time: string): UnstructuredObject {
  const metadata = {
    ...named,
    creationTimestamp: time,
    ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
  };
  return { apiVersion: API, kind, metadata, timestamp: time, window: WINDOW } as UnstructuredObject;
}

export function nodeMetrics(of: Named, node: MeasuredNode): UnstructuredObject {
  return { ...measured('NodeMetrics', of, node.time), usage: usageText(node) };
}

export function podMetrics(of: Named, pod: MeasuredPod): UnstructuredObject {
  const containers = pod.containers.map((each) => ({ name: each.name, usage: usageText(each) }));
  return { ...measured('PodMetrics', of, pod.time), containers };
}
