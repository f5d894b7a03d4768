import type { FilterPlugin, Rejection } from '../../framework/plugin.js';

const rejection: Rejection = { reasons: ["node(s) didn't match the requested node name"], unresolvable: true };

export const nodeName: FilterPlugin = {
  name: 'NodeName',
  preFilter({ pod }, { nodes }) {
    const wanted = pod.spec?.nodeName;
    return wanted ? (row) => (nodes.at(row).name === wanted ? undefined : rejection) : undefined;
  },
  wakes: (event, { pod }) => event.kind === 'node' && event.added && event.node.metadata.name === pod.spec?.nodeName,
};
