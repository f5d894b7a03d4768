import type { DataDir } from '../data-dir/layout.js';
import { setNodeState, type SimulatedNode } from '../nodes.js';

const DONE = {
  stopped: 'Stopped',
  running: 'Started',
} as const;

const THEN = {
  stopped: 'its heartbeats end, and a running cluster takes it for lost within a minute',
  running: 'a running cluster has it back within seconds',
} as const;

/** Switches a simulated node on or off, and answers what there is to say about it. */
export function switchNode(dir: DataDir, name: string, state: SimulatedNode['state']): string {
  const changed = setNodeState(dir, name, state);
  return changed ? `${DONE[state]} ${name}; ${THEN[state]}` : `${name} is ${state} already`;
}
