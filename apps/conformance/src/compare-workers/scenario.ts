export type Json = Record<string, unknown>;

/** An object of the scenario's namespace, or of none, as `pods/web` or `nodes/worker-1`. */
export type Target = string;

/** One thing that is done, or waited for. */
export type Step =
  | { readonly make: readonly Json[] }
  | { readonly patch: Target; readonly with: Json; readonly subresource?: string }
  | { readonly remove: Target; readonly propagation?: 'Background' | 'Foreground' | 'Orphan'; readonly grace?: number }
  /** Asks for the eviction of all Pods with a label. */
  | { readonly evict: string }
  | { readonly until: Target; readonly is: (object: Json) => boolean }
  | { readonly untilGone: Target }
  /** All objects of one kind in the namespace. */
  | { readonly untilAll: string; readonly are: (objects: readonly Json[]) => boolean }
  /** Until nothing has changed in the namespace for so many seconds. */
  | { readonly quietFor: number }
  /** Where nothing is to happen. */
  | { readonly seconds: number };

/** The same is done where ours work and where upstream's do; how it ends is compared. */
export interface Scenario {
  /** What it is about, such as `Deployment`. */
  readonly field: string;
  readonly name: string;
  readonly steps: readonly Step[];
  /** Changes what others stand on, such as Nodes: run with nothing beside it, and undone at the end. */
  readonly alone?: boolean;
  /** Which Node each Pod is on is a part of how it ends. */
  readonly places?: boolean;
  readonly undo?: readonly Step[];
}

/** Of the Nodes that all scenarios share. */
export const POOL = { 'compare.binnacle.dev/pool': 'shared' };
/** A Node that has none of them. */
export const OTHER_NODE = 'worker-4';

export const make = (...objects: Json[]): Step => ({ make: objects });
export const patch = (target: Target, change: Json, subresource?: string): Step => ({
  patch: target,
  with: change,
  ...(subresource && { subresource }),
});
export const remove = (target: Target, propagation?: 'Background' | 'Foreground' | 'Orphan', grace?: number): Step => ({
  remove: target,
  ...(propagation && { propagation }),
  ...(grace !== undefined && { grace }),
});
export const until = (target: Target, is: (object: Json) => boolean): Step => ({ until: target, is });
export const untilGone = (target: Target): Step => ({ untilGone: target });
export const untilAll = (resource: string, are: (objects: readonly Json[]) => boolean): Step => ({
  untilAll: resource,
  are,
});
export const settled: Step = { quietFor: 3 };

/** The value below a dotted path; undefined where there is none. */
export function at(object: unknown, path: string): unknown {
  let value = object;
  for (const step of path.split('.')) value = (value as Json | null | undefined)?.[step];
  return value;
}

/** Whether a number in an object's status is so. */
export const counts =
  (path: string, value: number) =>
  (object: Json): boolean =>
    (at(object, `status.${path}`) ?? 0) === value;

export const both =
  (...all: readonly ((object: Json) => boolean)[]) =>
  (object: Json): boolean =>
    all.every((one) => one(object));

/** Whether an object has a condition of this type and status. */
export const has =
  (type: string, status = 'True', reason?: string) =>
  (object: Json): boolean =>
    ((at(object, 'status.conditions') ?? []) as Json[]).some(
      (one) => one.type === type && one.status === status && (!reason || one.reason === reason),
    );

/** Whether its controller has seen what it is now. */
export const observed = (object: Json): boolean =>
  at(object, 'status.observedGeneration') === at(object, 'metadata.generation');

export const phase =
  (value: string) =>
  (object: Json): boolean =>
    at(object, 'status.phase') === value;

/** Until so many replicas of a workload are ready, and there are no others. */
export const ready = (target: Target, replicas: number): Step =>
  until(target, both(observed, counts('readyReplicas', replicas), counts('replicas', replicas)));

/** Rolls a workload to another image. */
export const image = (target: Target, name: string): Step =>
  patch(target, { spec: { template: { spec: { containers: [{ name: 'main', image: name }] } } } });

export const scale = (target: Target, replicas: number): Step => patch(target, { spec: { replicas } });

/** Volumes that are there, and known to whoever binds them, before anybody claims them. */
export const given = (...volumes: Json[]): Step[] => [
  make(...volumes),
  ...volumes.map((one) => until(`persistentvolumes/${String(at(one, 'metadata.name'))}`, phase('Available'))),
];
