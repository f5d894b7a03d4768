import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ApiProbe } from './api-probe.js';
import type { ContainerFacts } from './component-failure.js';

const timeOf = (text: string | undefined): number => (text ? Date.parse(text) : Number.NaN);

/** How a component's process fares, as its kubelet has it: also while there is no API server to ask. */
export class KubeletPods {
  constructor(private readonly kubelet: ApiProbe) {}

  /** Undefined while the kubelet does not answer or has not heard of the component. */
  async factsOf(component: string): Promise<ContainerFacts | undefined> {
    const pods = await this.kubelet.list<Pod>('/pods');
    const pod = pods?.find(({ metadata }) => metadata?.name?.startsWith(`${component}-`));
    const status = pod?.status?.containerStatuses?.find(({ name }) => name === component);
    if (!status) return undefined;
    const ended = status.state?.terminated ?? status.lastState?.terminated;
    return {
      waiting: status.state?.waiting,
      ended: ended && { ...ended, at: timeOf(ended.finishedAt) },
    };
  }
}
