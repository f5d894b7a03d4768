import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  semanticEqual,
} from '@binnacle/machinery-validation';
import { optional, validateMeta } from '@binnacle/apis-registry';
import { mandatoryPriorityLevels } from '../bootstrap/index.js';
import { validateConditions } from '../conditions.js';
import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
} from '../index.js';
import { EXEMPT } from '../names.js';
import { validateLimitResponse } from './queuing.js';

const SPEC = fieldPath('spec');
const TYPES = ['Exempt', 'Limited'];
const ROUND_TRIP = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

function validatePercent(percent: number | undefined, path: FieldPath): FieldError[] {
  if (percent === undefined || (percent >= 0 && percent <= 100)) return [];
  return [invalid(path, percent, 'must be between 0 and 100, inclusive')];
}

function validateShares(shares: number | undefined, path: FieldPath): FieldError[] {
  return shares !== undefined && shares < 0 ? [invalid(path, shares, 'must be a non-negative integer')] : [];
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, path: FieldPath): FieldError[] {
  const { borrowingLimitPercent: borrowing } = limited;
  const borrowingPath = path.child('borrowingLimitPercent');
  return [
    ...validateShares(limited.nominalConcurrencyShares, path.child('nominalConcurrencyShares')),
    ...validateLimitResponse(limited.limitResponse ?? { type: '' }, path.child('limitResponse')),
    ...validatePercent(limited.lendablePercent, path.child('lendablePercent')),
    ...(borrowing !== undefined && borrowing < 0
      ? [invalid(borrowingPath, borrowing, 'if specified, must be a non-negative integer')]
      : []),
  ];
}

function validateExempt(exempt: ExemptPriorityLevelConfiguration, path: FieldPath): FieldError[] {
  return [
    ...validateShares(exempt.nominalConcurrencyShares, path.child('nominalConcurrencyShares')),
    ...validatePercent(exempt.lendablePercent, path.child('lendablePercent')),
  ];
}

/** The member that the type names is there, and the other is not. */
function validateUnion({ type = '', limited, exempt }: PriorityLevelConfigurationSpec): FieldError[] {
  const limitedPath = SPEC.child('limited');
  const exemptPath = SPEC.child('exempt');
  if (type === 'Exempt') {
    const why = 'must be nil if the type is not Limited';
    return [...(limited ? [forbidden(limitedPath, why)] : []), ...optional(exempt, exemptPath, validateExempt)];
  }
  if (type === 'Limited') {
    const why = 'must be nil if the type is Limited';
    const missing = [required(limitedPath, 'must not be empty when type is Limited')];
    return [
      ...(exempt ? [forbidden(exemptPath, why)] : []),
      ...(limited ? validateLimited(limited, limitedPath) : missing),
    ];
  }
  return [type ? notSupported(SPEC.child('type'), type, TYPES) : required(SPEC.child('type'))];
}

function validateMandatory(name: string, spec: PriorityLevelConfigurationSpec): FieldError[] {
  const fixed = mandatoryPriorityLevels.find(({ metadata }) => metadata.name === name)?.spec;
  if (!fixed) return [];
  // How much of the server is set aside for what is exempt is for the operator to say.
  const compared = name === EXEMPT ? { ...spec, exempt: fixed.exempt } : spec;
  if (semanticEqual(compared, fixed)) return [];
  const except = name === EXEMPT ? " except the 'spec.exempt' field" : '';
  return [invalid(SPEC, spec, `spec of '${name}'${except} must equal the fixed value`)];
}

function validateName(name: string, type: string): FieldError[] {
  if ((name === EXEMPT) === (type === 'Exempt')) return [];
  return [invalid(SPEC.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'")];
}

/** Behaves as kubernetes pkg/apis/flowcontrol/validation ValidatePriorityLevelConfiguration. */
export function validatePriorityLevelConfiguration(level: PriorityLevelConfiguration): FieldError[] {
  const { metadata, spec = { type: '' }, status } = level;
  const { name = '', annotations = {} } = metadata;
  const annotationsPath = fieldPath('metadata', 'annotations');
  return [
    ...validateMeta(level, false),
    ...(ROUND_TRIP in annotations ? [forbidden(annotationsPath, `annotation '${ROUND_TRIP}' is forbidden`)] : []),
    ...validateName(name, spec.type),
    ...validateUnion(spec),
    ...validateMandatory(name, spec),
    ...validateConditions(status?.conditions),
  ];
}
