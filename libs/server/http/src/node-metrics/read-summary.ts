import { amountOf, type Fields, fieldsOf, listOf, textOf } from '../kubelet/unbelieved.js';
import type { Figures, MeasuredContainer, MeasuredNode, MeasuredPod } from './measured.js';

/** More Pods than any kubelet runs; what else it tells of is passed over, as more containers of a Pod are. */
const MOST_PODS = 1_000;
const MOST_CONTAINERS = 100;
/** As long as a name may be, and as RFC 3339 is. */
const LONGEST_NAME = 253;
const LONGEST_TIME = 40;

function figuresOf({ cpu, memory }: Fields): Figures {
  return {
    nanoCores: amountOf(fieldsOf(cpu).usageNanoCores),
    bytes: amountOf(fieldsOf(memory).workingSetBytes),
  };
}

function timeOf({ cpu }: Fields): string {
  const time = textOf(fieldsOf(cpu).time, LONGEST_TIME);
  return Number.isNaN(Date.parse(time)) ? '' : time;
}

function containersOf(pod: Fields): MeasuredContainer[] {
  return listOf(pod.containers, MOST_CONTAINERS).flatMap((entry) => {
    const container = fieldsOf(entry);
    const name = textOf(container.name, LONGEST_NAME);
    return name ? [{ name, ...figuresOf(container) }] : [];
  });
}

function podOf(entry: unknown): [string, MeasuredPod] | undefined {
  const pod = fieldsOf(entry);
  const { name, namespace, uid } = fieldsOf(pod.podRef);
  const key = [namespace, name].map((part) => textOf(part, LONGEST_NAME));
  if (key.includes('')) return undefined;
  const containers = containersOf(pod);
  return [key.join('/'), { uid: textOf(uid, LONGEST_NAME), time: timeOf(pod), ...figuresOf(pod), containers }];
}

/** What of a kubelet's `/stats/summary` is used. Nothing of it is believed to be of any size or kind. */
export function readSummary(summary: unknown): MeasuredNode {
  const { node, pods } = fieldsOf(summary);
  const read = new Map<string, MeasuredPod>();
  let size = 0;
  for (const entry of listOf(pods, MOST_PODS)) {
    const found = podOf(entry);
    if (!found) continue;
    read.set(...found);
    size += found[1].containers.length;
  }
  return { time: timeOf(fieldsOf(node)), ...figuresOf(fieldsOf(node)), pods: read, size };
}
