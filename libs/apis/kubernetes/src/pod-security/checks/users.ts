import type { PodSpec } from '../../core/v1/index.js';
import { type Check, counted, hasOwnUsers, namesOf, settersOf, unless, type Violation } from '../check.js';

const NOT_NON_ROOT = 'runAsNonRoot != true';

function checkNonRoot(spec: PodSpec): Violation | undefined {
  const ofPod = spec.securityContext?.runAsNonRoot;
  const explicit = namesOf(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  const setters = settersOf(ofPod === false, explicit);
  if (setters.length > 0)
    return { reason: NOT_NON_ROOT, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  const silent = ofPod ? [] : namesOf(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  const detail = `pod or ${counted('container', silent)} must set securityContext.runAsNonRoot=true`;
  return { reason: NOT_NON_ROOT, detail };
}

function checkUser(spec: PodSpec): Violation | undefined {
  const containers = namesOf(spec, ({ securityContext }) => securityContext?.runAsUser === 0);
  const setters = settersOf(spec.securityContext?.runAsUser === 0, containers);
  if (setters.length === 0) return undefined;
  return { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
}

function checkHostProcess(spec: PodSpec): Violation | undefined {
  const containers = namesOf(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  const setters = settersOf(spec.securityContext?.windowsOptions?.hostProcess === true, containers);
  if (setters.length === 0) return undefined;
  const detail = `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`;
  return { reason: 'hostProcess', detail };
}

/** As whom processes may run; root of a user namespace of its own is nobody outside. */
export const USER_CHECKS: readonly Check[] = [
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    versions: [
      { since: 0, check: checkNonRoot },
      { since: 35, check: unless(hasOwnUsers, checkNonRoot) },
    ],
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    versions: [
      { since: 23, check: checkUser },
      { since: 35, check: unless(hasOwnUsers, checkUser) },
    ],
  },
  { id: 'windowsHostProcess', level: 'baseline', versions: [{ since: 0, check: checkHostProcess }] },
];
