import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  notSupported,
  required,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { each, optional, validateMeta, validateSupported } from '@binnacle/apis-registry';
import type { CSIDriver, CSIDriverSpec, TokenRequest } from '../index.js';

const SPEC = fieldPath('spec');
const FS_GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLE_MODES = ['Persistent', 'Ephemeral'];
const MIN_PERIOD_SECONDS = 10;
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

/** What must be said, under the names that errors say it with. */
const SAID: readonly (readonly [field: keyof CSIDriverSpec, shown: string])[] = [
  ['attachRequired', 'attachedRequired'],
  ['podInfoOnMount', 'podInfoOnMount'],
  ['storageCapacity', 'storageCapacity'],
];

function validateSaid(spec: CSIDriverSpec): FieldError[] {
  return SAID.flatMap(([field, shown]) => (spec[field] === undefined ? [required(SPEC.child(shown))] : []));
}

function validateTokenLife({ expirationSeconds: seconds }: TokenRequest, path: FieldPath): FieldError[] {
  if (seconds === undefined) return [];
  const at = path.child('expirationSeconds');
  if (seconds < MIN_TOKEN_SECONDS) return [invalid(at, seconds, 'may not specify a duration less than 10 minutes')];
  if (seconds <= MAX_TOKEN_SECONDS) return [];
  return [invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds')];
}

/** Of an audience that is asked for twice nothing else is looked at. */
function validateTokenRequests(requests: readonly TokenRequest[] | undefined, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return each(requests, path, (request, at) => {
    const { audience = '' } = request;
    if (seen.has(audience)) return [duplicate(at.child('audience'), audience)];
    seen.add(audience);
    return validateTokenLife(request, at);
  });
}

function validateSecrets({ serviceAccountTokenInSecrets: inSecrets, tokenRequests }: CSIDriverSpec): FieldError[] {
  if (inSecrets === undefined || tokenRequests?.length) return [];
  const why = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
  return [invalid(SPEC.child('serviceAccountTokenInSecrets'), inSecrets, why)];
}

function validateSpec(spec: CSIDriverSpec): FieldError[] {
  const modes = SPEC.child('volumeLifecycleModes');
  const unknown = (spec.volumeLifecycleModes ?? []).filter((mode) => !LIFECYCLE_MODES.includes(mode));
  return [
    ...validateSaid(spec),
    ...optional(spec.fsGroupPolicy, SPEC.child('fsGroupPolicy'), (policy, at) =>
      validateSupported(policy, at, FS_GROUP_POLICIES),
    ),
    ...validateTokenRequests(spec.tokenRequests, SPEC.child('tokenRequests')),
    ...unknown.map((mode) => notSupported(modes, mode, LIFECYCLE_MODES)),
    ...(spec.seLinuxMount === undefined ? [required(SPEC.child('seLinuxMount'))] : []),
    ...optional(
      spec.nodeAllocatableUpdatePeriodSeconds,
      SPEC.child('nodeAllocatableUpdatePeriodSeconds'),
      (period, at) =>
        period < MIN_PERIOD_SECONDS ? [invalid(at, period, 'must be greater than or equal to 10 seconds')] : [],
    ),
    ...validateSecrets(spec),
  ];
}

/** Behaves as kubernetes pkg/apis/storage/validation ValidateCSIDriver. */
export function validateCsiDriver(driver: CSIDriver): FieldError[] {
  return [...validateMeta(driver, false), ...validateSpec(driver.spec ?? {})];
}

export function validateCsiDriverUpdate({ spec: next }: CSIDriver, { spec: old }: CSIDriver): FieldError[] {
  return [
    ...validateImmutable(next?.attachRequired, old?.attachRequired, SPEC.child('attachedRequired')),
    ...validateImmutable(next?.volumeLifecycleModes, old?.volumeLifecycleModes, SPEC.child('volumeLifecycleModes')),
  ];
}
