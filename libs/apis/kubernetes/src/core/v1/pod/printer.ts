import {
  type Cell,
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  NONE,
  nameColumn,
  nameOf,
  wide,
} from '@binnacle/apis-registry';
import type { Pod } from '../index.js';
import { podSummary } from './summary.js';

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const conditions = (pod.status?.conditions ?? []).filter(({ status }) => status === 'True');
  const open = new Set(conditions.map(({ type }) => type));
  const met = gates.filter(({ conditionType }) => open.has(conditionType));
  return `${met.length}/${gates.length}`;
}

function row(pod: Pod, now: number): Cell[] {
  const { ready, containers, status, restarts } = podSummary(pod, now);
  return [
    nameOf(pod),
    `${ready}/${containers}`,
    status,
    restarts,
    ageOf(pod, now),
    pod.status?.podIPs?.[0]?.ip || pod.status?.podIP || NONE,
    pod.spec?.nodeName || NONE,
    pod.status?.nominatedNodeName || NONE,
    readinessGates(pod),
  ];
}

export const printer: TablePrinter<Pod> = {
  columns: [
    nameColumn,
    column('Ready', 'Containers that are ready, of all that keep running.'),
    column('Status', 'What the Pod is doing, or what keeps it from running.'),
    column('Restarts', 'How often its containers were restarted, and when last.'),
    ageColumn,
    wide('IP', 'Address of the Pod.'),
    wide('Node', 'Node the Pod runs on.'),
    wide('Nominated Node', 'Node where room is being made for the Pod.'),
    wide('Readiness Gates', 'Extra conditions that are met, of those asked for.'),
  ],
  row,
};
