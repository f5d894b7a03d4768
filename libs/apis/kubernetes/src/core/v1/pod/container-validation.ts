import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isDns1123Label,
  isPortName,
  isPortNumber,
  notFound,
  required,
} from '@binnacle/machinery-validation';
import { each, oneOf, wellFormed } from '@binnacle/apis-registry';
import type { Container, ContainerPort, ContainerResizePolicy, EphemeralContainer, PodSpec, Volume } from '../index.js';
import { validateEnv, validateEnvFrom, validateFileVolumes } from './env-validation.js';
import { validateDevices, validateMounts } from './mount-validation.js';
import { validateProbesAndHooks } from './probe-validation.js';
import { validateResourceRequirements } from './resource-validation.js';
import { validateRestart } from './restart-validation.js';
import { validateSecurityContext } from './security-validation.js';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];
const RESIZABLE = ['cpu', 'memory'];
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer'];

/** What the rules of a container must know of its Pod. */
export interface PodSurroundings {
  readonly spec: PodSpec;
  readonly volumes: ReadonlyMap<string, Volume>;
  /** Rules that Pod templates never had. */
  readonly isPod: boolean;
}

function validatePortName(name: string, taken: Set<string>, path: FieldPath): FieldError[] {
  const errors = invalidEach(path, name, isPortName(name));
  if (errors.length > 0) return errors;
  if (taken.has(name)) return [duplicate(path, name)];
  taken.add(name);
  return [];
}

const validatePortNumber = (port: number, path: FieldPath): FieldError[] => invalidEach(path, port, isPortNumber(port));

function validatePorts(ports: readonly ContainerPort[] | undefined, path: FieldPath): FieldError[] {
  const names = new Set<string>();
  return each(ports, path, ({ name, containerPort, hostPort, protocol }, at) => [
    ...(name ? validatePortName(name, names, at.child('name')) : []),
    ...(containerPort
      ? validatePortNumber(containerPort, at.child('containerPort'))
      : [required(at.child('containerPort'))]),
    ...(hostPort ? validatePortNumber(hostPort, at.child('hostPort')) : []),
    ...oneOf(protocol, at.child('protocol'), PROTOCOLS),
  ]);
}

function validateResizePolicy(
  policies: readonly ContainerResizePolicy[] | undefined,
  path: FieldPath,
  never: boolean,
): FieldError[] {
  const seen = new Set<string>();
  return each(policies, path, ({ resourceName, restartPolicy }, at) => {
    const errors = seen.has(resourceName) ? [duplicate(at, resourceName)] : [];
    seen.add(resourceName);
    errors.push(...oneOf(resourceName, path, RESIZABLE), ...oneOf(restartPolicy, path, RESIZE_POLICIES));
    if (never && restartPolicy !== 'NotRequired')
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    return errors;
  });
}

function validateImage(image: string | undefined, path: FieldPath, isPod: boolean): FieldError[] {
  if (!image) return [required(path)];
  const padded = isPod && image.trim() !== image;
  return padded ? [invalid(path, image, 'must not have leading or trailing whitespace')] : [];
}

/** What containers of every kind must obey. Behaves as kubernetes validateContainerCommon. */
function validateCommon(
  container: Container,
  path: FieldPath,
  { spec, volumes, isPod }: PodSurroundings,
): FieldError[] {
  const never = spec.restartPolicy === 'Never';
  return [
    ...wellFormed(container.name, path.child('name'), isDns1123Label),
    ...validateImage(container.image, path.child('image'), isPod),
    ...oneOf(container.terminationMessagePolicy, path.child('terminationMessagePolicy'), MESSAGE_POLICIES),
    ...validatePorts(container.ports, path.child('ports')),
    ...validateEnv(container.env, path.child('env')),
    ...validateFileVolumes(container.env, volumes, path.child('env')),
    ...validateEnvFrom(container.envFrom, path.child('envFrom')),
    ...validateMounts(container, volumes, path.child('volumeMounts')),
    ...validateDevices(container, volumes, path.child('volumeDevices')),
    ...oneOf(container.imagePullPolicy, path.child('imagePullPolicy'), PULL_POLICIES),
    ...validateResourceRequirements(container.resources, path.child('resources')),
    ...validateResizePolicy(container.resizePolicy, path.child('resizePolicy'), never),
    ...validateSecurityContext(container.securityContext, path.child('securityContext'), spec.hostUsers !== false),
  ];
}

function validateHostPorts(containers: readonly Container[], pathOf: (index: number) => FieldPath): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    each(container.ports, pathOf(index).child('ports'), ({ hostPort, protocol, hostIP = '' }, at) => {
      if (!hostPort) return [];
      const claim = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(claim)) return [duplicate(at.child('hostPort'), claim)];
      taken.add(claim);
      return [];
    }),
  );
}

/** Notes the name, or reports it where it is taken. */
function claimName(name: string, taken: Set<string>, path: FieldPath): FieldError[] {
  if (taken.has(name)) return [duplicate(path, name)];
  taken.add(name);
  return [];
}

export function validateContainers(surroundings: PodSurroundings, path: FieldPath): FieldError[] {
  const { spec } = surroundings;
  const containers = spec.containers ?? [];
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  return [
    ...each(containers, path, (container, at) => [
      ...validateCommon(container, at, surroundings),
      ...claimName(container.name, names, at.child('name')),
      ...validateProbesAndHooks(container, spec.terminationGracePeriodSeconds, at),
      ...validateRestart(container, at),
    ]),
    ...validateHostPorts(containers, (index) => path.index(index)),
  ];
}

const NOT_IN_INIT = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** Only an init container that keeps running, a sidecar, is probed. */
function validateInitLife(container: Container, grace: number | undefined, path: FieldPath): FieldError[] {
  if (container.restartPolicy === 'Always') return validateProbesAndHooks(container, grace, path);
  return NOT_IN_INIT.filter((field) => container[field]).map((field) =>
    forbidden(path.child(field), 'may not be set for init containers without restartPolicy=Always'),
  );
}

/** What runs once is not begun again for another size. */
function validateInitResizePolicy({ restartPolicy, resizePolicy }: Container, path: FieldPath): FieldError[] {
  if (restartPolicy === 'Always') return [];
  return each(resizePolicy, path.child('resizePolicy'), ({ restartPolicy: policy }, at) => {
    const why = "must not be set to 'RestartContainer' for non-sidecar initContainers";
    return policy === 'RestartContainer' ? [invalid(at.child('restartPolicy'), policy, why)] : [];
  });
}

export function validateInitContainers(surroundings: PodSurroundings, path: FieldPath): FieldError[] {
  const { spec } = surroundings;
  const names = new Set((spec.containers ?? []).map(({ name }) => name));
  return each(spec.initContainers, path, (container, at) => [
    ...validateCommon(container, at, surroundings),
    ...validateRestart(container, at),
    ...claimName(container.name, names, at.child('name')),
    ...validateHostPorts([container], () => at),
    ...validateInitLife(container, spec.terminationGracePeriodSeconds, at),
    ...validateInitResizePolicy(container, at),
  ]);
}

const NOT_IN_EPHEMERAL = [
  'ports',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'restartPolicy',
  'restartPolicyRules',
  'resizePolicy',
] as const;
const NOT_EPHEMERAL = 'cannot be set for an Ephemeral Container';

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && (typeof value !== 'object' || Object.keys(value).length > 0);

function validateEphemeralLimits(container: EphemeralContainer, path: FieldPath): FieldError[] {
  const mounts = each(container.volumeMounts, path.child('volumeMounts'), (mount, at) =>
    (['subPath', 'subPathExpr'] as const)
      .filter((field) => mount[field])
      .map((field) => forbidden(at.child(field), NOT_EPHEMERAL)),
  );
  const fields = NOT_IN_EPHEMERAL.filter((field) => isSet(container[field]));
  return [...fields.map((field) => forbidden(path.child(field), NOT_EPHEMERAL)), ...mounts];
}

export function validateEphemeralContainers(surroundings: PodSurroundings, path: FieldPath): FieldError[] {
  const { spec } = surroundings;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name));
  const names = new Set(others);
  return each(spec.ephemeralContainers, path, (container, at) => {
    const target = container.targetContainerName;
    return [
      ...validateCommon(container, at, { ...surroundings, isPod: true }),
      ...claimName(container.name, names, at.child('name')),
      ...(target && !others.has(target) ? [notFound(at.child('targetContainerName'), target)] : []),
      ...validateEphemeralLimits(container, at),
    ];
  });
}
