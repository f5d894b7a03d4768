import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import { unresolvable } from '../../framework/rejection.js';

const rejection = unresolvable("node(s) didn't match the requested node name");

export const nodeName: FilterPlugin = {
  name: 'NodeName',
  lasting: true,
  preFilter({ pod }, { nodes }) {
    const wanted = pod.spec?.nodeName;
    return wanted ? (row) => (nodes.at(row).name === wanted ? undefined : rejection) : undefined;
  },
  eventsToRegister: () => [on('Node', ['Add'])],
};
