import { type FieldError, type FieldPath, required, tooMany } from '@binnacle/machinery-validation';
import { each, optional, validateSupported } from '@binnacle/apis-registry';
import type { Container, ContainerRestartRule, ContainerRestartRuleOnExitCodes } from '../index.js';

const POLICIES = ['Always', 'Never', 'OnFailure'];
const ACTIONS = ['Restart', 'RestartAllContainers'];
const OPERATORS = ['In', 'NotIn'];
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;

function validateExitCodes(
  { operator = '', values = [] }: ContainerRestartRuleOnExitCodes,
  path: FieldPath,
): FieldError[] {
  const errors = validateSupported(operator, path.child('operator'), OPERATORS);
  if (values.length > MAX_EXIT_CODES) errors.push(tooMany(path.child('values'), values.length, MAX_EXIT_CODES));
  return errors;
}

function validateRule({ action = '', exitCodes }: ContainerRestartRule, path: FieldPath): FieldError[] {
  const codes = path.child('exitCodes');
  return [
    ...validateSupported(action, path.child('action'), ACTIONS),
    ...(exitCodes ? validateExitCodes(exitCodes, codes) : [required(codes, 'must be specified')]),
  ];
}

/** When a container runs again by a policy of its own. Behaves as kubernetes validateContainerRestartPolicy. */
export function validateRestart({ restartPolicy, restartPolicyRules = [] }: Container, path: FieldPath): FieldError[] {
  const at = path.child('restartPolicy');
  const rules = path.child('restartPolicyRules');
  const alone = restartPolicyRules.length > 0 && restartPolicy === undefined;
  return [
    ...(alone ? [required(at, 'must specify restartPolicy when restart rules are used')] : []),
    ...optional(restartPolicy, at, (policy) => validateSupported(policy, at, POLICIES)),
    ...(restartPolicyRules.length > MAX_RULES ? [tooMany(rules, restartPolicyRules.length, MAX_RULES)] : []),
    ...each(restartPolicyRules, rules, validateRule),
  ];
}
