import type { KubeObject } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';

/** Takes fields, or their absence, over from the stored object; what is taken stays frozen. */
export function keep<T extends object>(next: T, old: T, ...fields: (keyof T)[]): void {
  for (const field of fields) {
    if (old[field] === undefined) delete next[field];
    else next[field] = old[field];
  }
}

export function startGeneration(object: KubeObject): void {
  object.metadata.generation = 1;
}

/** Counts the generation on where one of the fields changed. */
export function countGeneration<T extends KubeObject>(next: T, old: T, ...fields: (keyof T)[]): void {
  const changed = fields.some((field) => !semanticEqual(next[field], old[field]));
  const generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0);
  if (generation > 0) next.metadata.generation = generation;
}

interface WithStatus extends KubeObject {
  spec?: unknown;
  status?: unknown;
}

/** The usual rules of a kind with spec and status: writers of the one cannot change the other. */
export const specAndStatus = {
  /** `emptyStatus` is what the status reads before any controller has written it. */
  create: (emptyStatus: () => object) => (object: WithStatus) => {
    object.status = emptyStatus();
    startGeneration(object);
  },
  update: (next: WithStatus, old: WithStatus) => {
    keep(next, old, 'status');
    countGeneration(next, old, 'spec');
  },
  updateStatus: (next: WithStatus, old: WithStatus) => keep(next, old, 'spec'),
} as const;
