import type { ObjectMeta } from '@binnacle/machinery-meta';
import type { Container, PodSpec } from '../core/v1/index.js';
import type { Level, PolicyVersion } from './levels.js';

/** The metadata of a Pod or of a template, as far as it is judged. */
export type PodMetadata = Pick<ObjectMeta, 'annotations'>;

/** Why a Pod is refused: in a few words, and with what in it is meant. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** Answers nothing where a Pod may pass. */
export type CheckPod = (spec: PodSpec, metadata: PodMetadata) => Violation | undefined;

export interface VersionedCheck {
  /** From which version of the standards on it is made so. */
  readonly since: PolicyVersion;
  readonly check: CheckPod;
  /** Checks of `baseline` that say nothing more where this one is made. */
  readonly overrides?: readonly string[];
}

/** One rule of the standards. */
export interface Check {
  readonly id: string;
  readonly level: Exclude<Level, 'privileged'>;
  /** In rising order. */
  readonly versions: readonly VersionedCheck[];
}

type ContainerLike = Omit<Container, 'image'>;

/** All containers of a Pod, in the order in which they are named. */
export function containersOf(spec: PodSpec): readonly ContainerLike[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

export function namesOf(spec: PodSpec, isBad: (container: ContainerLike) => boolean): string[] {
  return containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name);
}

export const quoted = (items: readonly string[]): string => (items.length === 0 ? '' : `"${items.join('", "')}"`);
export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);
export const counted = (word: string, names: readonly string[]): string =>
  `${plural(word, `${word}s`, names.length)} ${quoted(names)}`;

/** Each once, sorted by code units as Go does. */
export const distinct = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Who sets what they must not: the Pod itself, and containers of it. */
export function settersOf(isPod: boolean, containers: readonly string[]): string[] {
  return [...(isPod ? ['pod'] : []), ...(containers.length > 0 ? [counted('container', containers)] : [])];
}

export const isWindows = (spec: PodSpec): boolean => spec.os?.name === 'windows';
/** Whether a Pod has a user namespace of its own, in which root is nobody on the node. */
export const hasOwnUsers = (spec: PodSpec): boolean => spec.hostUsers === false;

/** The same check, which some Pods need not pass. */
export function unless(isFree: (spec: PodSpec) => boolean, check: CheckPod): CheckPod {
  return (spec, metadata) => (isFree(spec) ? undefined : check(spec, metadata));
}
