/** How long kubelets may keep what they read of Secrets and ConfigMaps, by how many nodes there are. */
interface Step {
  readonly least: number;
  readonly most: number;
  readonly seconds: number;
}

/** They overlap, so that a node more or less does not change it back and forth. Those of kubernetes pkg/controller/ttl. */
const STEPS: readonly Step[] = [
  { least: 0, most: 100, seconds: 0 },
  { least: 90, most: 500, seconds: 15 },
  { least: 450, most: 1000, seconds: 30 },
  { least: 900, most: 2000, seconds: 60 },
  { least: 1800, most: 10_000, seconds: 300 },
  { least: 9000, most: Number.POSITIVE_INFINITY, seconds: 600 },
];

/** The step for a number of nodes, from the one that holds now. */
export function nextStep(step: number, nodes: number): number {
  let next = step;
  while (nodes > (STEPS[next] as Step).most) next += 1;
  while (nodes < (STEPS[next] as Step).least) next -= 1;
  return next;
}

export function secondsOf(step: number): string {
  return String((STEPS[step] as Step).seconds);
}
