import { fieldPath, type FieldPath, semanticEqual } from '@binnacle/machinery-validation';
import type { AppArmorProfile, Container, Pod, PodSpec } from '../index.js';
import { validateAppArmor } from './security-validation.js';

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const LOCALHOST = 'localhost/';
const OLD_APP_ARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const OLD_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead';

type Annotations = Readonly<Record<string, string>>;

/** What was said of new Pods whose annotations became fields: afterwards nobody can tell. */
const said = new WeakMap<Pod, readonly string[]>();

function parse(annotation: string): AppArmorProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith(LOCALHOST)) return undefined;
  return { type: 'Localhost', localhostProfile: annotation.slice(LOCALHOST.length) };
}

/** The field that says the same as an annotation; undefined where none can. */
function profileOf(annotation: string): AppArmorProfile | undefined {
  const profile = parse(annotation);
  return profile && validateAppArmor(profile, fieldPath()).length === 0 ? profile : undefined;
}

const containersOf = ({ initContainers = [], containers = [], ephemeralContainers = [] }: PodSpec): Container[] => [
  ...initContainers,
  ...containers,
  ...(ephemeralContainers as unknown as Container[]),
];

const keyOf = (path: FieldPath, key: string): string => String(path.child('metadata', 'annotations').key(key));

/** What of a new container's annotation is to be said, having made it a field. */
function takeUp(container: Container, annotation: string | undefined, ofPod: AppArmorProfile | undefined): string[] {
  if (annotation === undefined || container.securityContext?.appArmorProfile) return [];
  const profile = profileOf(annotation);
  if (profile && semanticEqual(profile, ofPod)) return [];
  if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
  return [`${keyOf(fieldPath(), `${APP_ARMOR}${container.name}`)}: ${OLD_APP_ARMOR}`];
}

/**
 * Makes fields of the annotations by which a new Pod's AppArmor profiles were chosen once, where there are none. Behaves as
 * kubernetes pkg/registry/core/pod applyAppArmorVersionSkew.
 */
export function takeUpAppArmor(pod: Pod): void {
  const { metadata, spec } = pod;
  const { annotations } = metadata;
  if (!annotations || !spec || spec.os?.name === 'windows') return;
  const ofPod = spec.securityContext?.appArmorProfile;
  const warnings = containersOf(spec).flatMap((container) =>
    takeUp(container, annotations[`${APP_ARMOR}${container.name}`], ofPod),
  );
  if (warnings.length > 0) said.set(pod, warnings);
}

/** What there was to say when a new Pod's annotations became fields. */
export const takenUpWarnings = (pod: Pod): readonly string[] => said.get(pod) ?? [];

function appArmorWarnings(container: Container, annotations: Annotations, spec: PodSpec, path: FieldPath): string[] {
  const key = `${APP_ARMOR}${container.name}`;
  const annotation = annotations[key];
  if (annotation === undefined || container.securityContext?.appArmorProfile) return [];
  const ofPod = spec.securityContext?.appArmorProfile;
  return ofPod && semanticEqual(ofPod, parse(annotation)) ? [] : [`${keyOf(path, key)}: ${OLD_APP_ARMOR}`];
}

/** What a client should know of annotations that stand for profiles; `path` is undefined for a Pod itself. */
export function annotatedProfileWarnings(annotations: Annotations, spec: PodSpec, path?: FieldPath): string[] {
  const at = path ?? fieldPath();
  const seccompOf = (key: string, hasField: boolean): string[] =>
    annotations[key] === undefined || hasField ? [] : [`${keyOf(at, key)}: ${OLD_SECCOMP}`];
  return [
    ...seccompOf(SECCOMP_POD, spec.securityContext?.seccompProfile !== undefined),
    ...containersOf(spec).flatMap((container) => [
      ...seccompOf(`${SECCOMP_CONTAINER}${container.name}`, container.securityContext?.seccompProfile !== undefined),
      ...(path ? appArmorWarnings(container, annotations, spec, path) : []),
    ]),
  ];
}
