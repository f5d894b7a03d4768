import type { IntOrString } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isHttpHeaderName,
  isPortName,
  isPortNumber,
  required,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { optional, present, validateSupported } from '@binnacle/apis-registry';
import type { Container, HTTPGetAction, LifecycleHandler, Probe } from '../index.js';

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<LifecycleHandler, 'sleep'>;

const SCHEMES = ['HTTP', 'HTTPS'];

export function validatePortNumberOrName(port: IntOrString | undefined, path: FieldPath): FieldError[] {
  if (typeof port === 'string') return invalidEach(path, port, isPortName(port));
  return invalidEach(path, port ?? 0, isPortNumber(port ?? 0));
}

function validateHttpGet(action: HTTPGetAction, path: FieldPath): FieldError[] {
  const { scheme = '', httpHeaders = [] } = action;
  return [
    ...present(action.path, path.child('path')),
    ...validatePortNumberOrName(action.port, path.child('port')),
    ...validateSupported(scheme, path.child('scheme'), SCHEMES),
    ...httpHeaders.flatMap(({ name }) => invalidEach(path.child('httpHeaders'), name, isHttpHeaderName(name))),
  ];
}

function validateSleep(seconds: number, grace: number | undefined, path: FieldPath): FieldError[] {
  if (grace === undefined || (seconds >= 0 && seconds <= grace)) return [];
  const bound = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  return [invalid(path, seconds, bound)];
}

type HandlerKind = keyof Handler;
type ActionRule = (handler: Handler, path: FieldPath, grace: number | undefined) => FieldError[];

const ACTIONS: Readonly<Record<HandlerKind, ActionRule>> = {
  exec: ({ exec }, path) => (exec?.command?.length ? [] : [required(path.child('command'))]),
  httpGet: ({ httpGet }, path) => optional(httpGet, path, validateHttpGet),
  tcpSocket: ({ tcpSocket }, path) => validatePortNumberOrName(tcpSocket?.port, path.child('port')),
  grpc: ({ grpc }, path) => validatePortNumberOrName(grpc?.port, path.child('port')),
  sleep: ({ sleep }, path, grace) => validateSleep(sleep?.seconds ?? 0, grace, path),
};

const KINDS: readonly HandlerKind[] = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** Exactly one way to act. */
function validateHandler(handler: Handler, grace: number | undefined, path: FieldPath): FieldError[] {
  const [first, ...others] = KINDS.filter((kind) => handler[kind]);
  if (!first) return [required(path, 'must specify a handler type')];
  return [
    ...ACTIONS[first](handler, path.child(first), grace),
    ...others.map((kind) => forbidden(path.child(kind), 'may not specify more than 1 handler type')),
  ];
}

const TIMINGS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(probe: Probe, grace: number | undefined, path: FieldPath): FieldError[] {
  const own = probe.terminationGracePeriodSeconds;
  return [
    ...validateHandler(probe, grace, path),
    ...TIMINGS.flatMap((timing) => validateNonNegative(probe[timing], path.child(timing))),
    ...(own !== undefined && own <= 0
      ? [invalid(path.child('terminationGracePeriodSeconds'), own, 'must be greater than 0')]
      : []),
  ];
}

/** Liveness and startup turn good at the first success. */
function validateOnce(probe: Probe, grace: number | undefined, path: FieldPath): FieldError[] {
  const errors = validateProbe(probe, grace, path);
  if (probe.successThreshold === 1) return errors;
  return [...errors, invalid(path.child('successThreshold'), probe.successThreshold ?? 0, 'must be 1')];
}

function validateReadiness(probe: Probe, grace: number | undefined, path: FieldPath): FieldError[] {
  const errors = validateProbe(probe, grace, path);
  const own = probe.terminationGracePeriodSeconds;
  if (own === undefined) return errors;
  const at = path.child('terminationGracePeriodSeconds');
  return [...errors, invalid(at, own, 'must not be set for readinessProbes')];
}

/** Probes and hooks of a container that keeps running. `grace` is that of the Pod, in seconds. */
export function validateProbesAndHooks(container: Container, grace: number | undefined, path: FieldPath): FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const hooks = path.child('lifecycle');
  return [
    ...optional(lifecycle?.postStart, hooks.child('postStart'), (hook, at) => validateHandler(hook, grace, at)),
    ...optional(lifecycle?.preStop, hooks.child('preStop'), (hook, at) => validateHandler(hook, grace, at)),
    ...optional(livenessProbe, path.child('livenessProbe'), (probe, at) => validateOnce(probe, grace, at)),
    ...optional(readinessProbe, path.child('readinessProbe'), (probe, at) => validateReadiness(probe, grace, at)),
    ...optional(startupProbe, path.child('startupProbe'), (probe, at) => validateOnce(probe, grace, at)),
  ];
}
