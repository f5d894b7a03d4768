import type { PreEnqueuePlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';

/** A Pod with gates waits outside the queue until the last one is taken away. */
export const schedulingGates: PreEnqueuePlugin = {
  name: 'SchedulingGates',
  preEnqueue({ pod }) {
    const gates = (pod.spec?.schedulingGates ?? []).map(({ name }) => name);
    return gates.length > 0 ? `waiting for scheduling gates: [${gates.join(' ')}]` : undefined;
  },
  eventsToRegister: () => [
    on('Pod', ['UpdatePodSchedulingGatesEliminated'], ({ uid }, { current }) => current?.uid === uid),
  ],
};
