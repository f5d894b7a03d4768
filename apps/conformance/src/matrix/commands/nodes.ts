import { does, refuses, type Section } from '../step.js';

/** A Node each, after everything else: its Pods move. */
const nodes: Section = {
  title: 'cordon, taint, drain and uncordon',
  steps: [
    does('cordon {node}', 'node/{node} cordoned'),
    does('cordon {node}', 'node/{node} already cordoned'),
    does('get node {node}', 'Ready,SchedulingDisabled'),
    does('taint nodes {node} tried={ns}:NoSchedule', 'node/{node} tainted'),
    refuses('taint nodes {node} tried=again:NoSchedule', 'already has tried taint(s) with same effect(s)'),
    does('taint nodes {node} tried=again:NoSchedule --overwrite', 'node/{node} modified'),
    does('taint nodes {node} tried-', 'node/{node} untainted'),
    does('drain {node} --ignore-daemonsets --delete-emptydir-data --force --dry-run=server', 'node/{node} drained'),
    does('drain {node} --ignore-daemonsets --delete-emptydir-data --force --timeout=200s', 'node/{node} drained'),
    does('get pods -A --field-selector=spec.nodeName={node} -o name', /^$/),
    does('uncordon {node}', 'node/{node} uncordoned'),
    does('uncordon {node}', 'node/{node} already uncordoned'),
  ],
};

const leave: Section = {
  title: 'delete, of what stands',
  steps: [
    does('delete all --all', /deployment.apps "web"[^]*deleted/),
    does('delete clusterrole,clusterrolebinding,priorityclass {ns}-nodes --ignore-not-found', '{ns}-nodes" deleted'),
    does('delete namespace {ns} --wait=false', 'namespace "{ns}" deleted'),
    does('wait --for=delete namespace/{ns} --timeout=200s', /^$|condition met/),
  ],
};

export const nodesAndEnd: readonly Section[] = [nodes, leave];
