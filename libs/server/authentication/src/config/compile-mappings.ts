import { type Program, selectsField } from '@binnacle/machinery-cel';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  required,
  validateDomainPrefixedPath,
} from '@binnacle/machinery-validation';
import type { CompiledMappings, CompiledRule, Mapping } from '../jwt/claim-mapper.js';
import { compileExpression, type Variable } from '../jwt/expressions.js';
import type { ClaimMappings, ClaimOrExpression, JwtAuthenticatorSpec } from './authentication-configuration.js';

/** What is wrong is gathered here; what is made of it is only used where that is nothing. */
type Errors = FieldError[];

function compiled(
  errors: Errors,
  text: string,
  variable: Variable,
  path: FieldPath,
  isRule = false,
): Program | undefined {
  const { program, errors: found } = compileExpression(text, variable, path, isRule);
  errors.push(...found);
  return program;
}

const BOTH = "claim and expression can't both be set";

function mappingOf(errors: Errors, spec: ClaimOrExpression, path: FieldPath): Mapping | undefined {
  const { claim = '', expression = '', prefix } = spec;
  if (claim && expression) errors.push(invalid(path, '', BOTH));
  else if (expression) {
    if (prefix !== undefined)
      errors.push(invalid(path.child('prefix'), prefix, 'may not be specified when expression is set'));
    const program = compiled(errors, expression, 'claims', path.child('expression'));
    return program && { program };
  } else if (claim) {
    const why = 'prefix is required when claim is set. It can be set to an empty string to disable prefixing';
    if (prefix === undefined) errors.push(required(path.child('prefix'), why));
    return { claim, prefix: prefix ?? '' };
  }
  return undefined;
}

function usernameOf(errors: Errors, spec: ClaimOrExpression, path: FieldPath): Mapping | undefined {
  if (!spec.claim && !spec.expression) errors.push(required(path, 'claim or expression is required'));
  return mappingOf(errors, spec, path);
}

const KUBERNETES = /(^|\.)(kubernetes|k8s)\.io$/;

function checkKey(errors: Errors, key: string, path: FieldPath): void {
  errors.push(...validateDomainPrefixedPath(key, path));
  if (key !== key.toLowerCase()) errors.push(invalid(path, key, 'must be lowercase'));
  const slash = key.indexOf('/');
  if (slash >= 0 && KUBERNETES.test(key.slice(0, slash))) {
    errors.push(invalid(path, key, 'k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use'));
  }
}

function extraOf(errors: Errors, { extra = [] }: ClaimMappings, path: FieldPath): CompiledMappings['extra'] {
  const seen = new Set<string>();
  return extra.flatMap(({ key = '', valueExpression = '' }, index) => {
    const at = path.child('extra').index(index);
    checkKey(errors, key, at.child('key'));
    if (seen.has(key)) {
      errors.push(duplicate(at.child('key'), key));
      return [];
    }
    seen.add(key);
    if (valueExpression === '') {
      errors.push(required(at.child('valueExpression')));
      return [];
    }
    const program = compiled(errors, valueExpression, 'claims', at.child('valueExpression'));
    return program ? [{ key, program }] : [];
  });
}

type Rules = Pick<CompiledMappings, 'requiredClaims' | 'claimRules'>;
type ClaimRule = NonNullable<JwtAuthenticatorSpec['claimValidationRules']>[number];

function kindOf({ claim, expression }: ClaimRule): 'both' | 'neither' | 'claim' | 'expression' {
  if (claim) return expression ? 'both' : 'claim';
  return expression ? 'expression' : 'neither';
}

function requiredClaim(errors: Errors, seen: Map<string, string>, rule: ClaimRule, path: FieldPath): void {
  const { claim = '', message, requiredValue = '' } = rule;
  if (message) errors.push(invalid(path.child('message'), message, 'may not be specified when claim is set'));
  if (seen.has(claim)) errors.push(duplicate(path.child('claim'), claim));
  seen.set(claim, requiredValue);
}

function claimRule(errors: Errors, seen: Set<string>, rule: ClaimRule, path: FieldPath): Program | undefined {
  const { expression = '', requiredValue } = rule;
  const why = 'may not be specified when expression is set';
  if (requiredValue) errors.push(invalid(path.child('requiredValue'), requiredValue, why));
  const at = path.child('expression');
  if (seen.has(expression)) {
    errors.push(duplicate(at, expression));
    return undefined;
  }
  seen.add(expression);
  return compiled(errors, expression, 'claims', at, true);
}

function claimRulesOf(errors: Errors, spec: JwtAuthenticatorSpec, path: FieldPath): Rules {
  const [requiredClaims, claimRules] = [new Map<string, string>(), [] as CompiledRule[]];
  const seen = new Set<string>();
  for (const [index, rule] of (spec.claimValidationRules ?? []).entries()) {
    const at = path.index(index);
    const kind = kindOf(rule);
    if (kind === 'both') errors.push(invalid(at, rule.claim, BOTH));
    else if (kind === 'neither') errors.push(required(at, 'claim or expression is required'));
    else if (kind === 'claim') requiredClaim(errors, requiredClaims, rule, at);
    else {
      const program = claimRule(errors, seen, rule, at);
      if (program) claimRules.push({ program, message: rule.message ?? '' });
    }
  }
  return { requiredClaims, claimRules };
}

function userRulesOf(errors: Errors, spec: JwtAuthenticatorSpec, path: FieldPath): CompiledRule[] {
  const seen = new Set<string>();
  return (spec.userValidationRules ?? []).flatMap(({ expression = '', message = '' }, index) => {
    const at = path.index(index).child('expression');
    const isNew = !seen.has(expression);
    seen.add(expression);
    if (expression === '') errors.push(required(at));
    else if (!isNew) errors.push(duplicate(at, expression));
    const program = expression && isNew ? compiled(errors, expression, 'user', at, true) : undefined;
    return program ? [{ program, message }] : [];
  });
}

/** An address of mail that its issuer did not look at is anybody's. */
function checkEmail(errors: Errors, spec: JwtAuthenticatorSpec, path: FieldPath): void {
  const { username, extra = [] } = spec.claimMappings ?? {};
  const expression = username?.expression ?? '';
  if (!selectsField(expression, 'claims', 'email')) return;
  const rules = (spec.claimValidationRules ?? []).map((rule) => rule.expression ?? '');
  const places = [expression, ...rules, ...extra.map(({ valueExpression = '' }) => valueExpression)];
  if (places.some((text) => selectsField(text, 'claims', 'email_verified'))) return;
  const one =
    'claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression';
  const why = `claims.email_verified must be used in ${one} when claims.email is used in claimMappings.username.expression`;
  errors.push(invalid(path.child('username', 'expression'), expression, why));
}

/** Behaves as kubernetes apiserver pkg/apis/apiserver/validation validateJWTAuthenticator. */
export function compileMappings(
  spec: JwtAuthenticatorSpec,
  path: FieldPath,
): { mappings: CompiledMappings; errors: Errors } {
  const errors: Errors = [];
  const { claimMappings = {} } = spec;
  const at = path.child('claimMappings');
  const rules = claimRulesOf(errors, spec, path.child('claimValidationRules'));
  const username = usernameOf(errors, claimMappings.username ?? {}, at.child('username'));
  const groups = mappingOf(errors, claimMappings.groups ?? {}, at.child('groups'));
  // Uids have no prefixes.
  const uid = mappingOf(errors, uidSpec(claimMappings), at.child('uid'));
  const extra = extraOf(errors, claimMappings, at);
  checkEmail(errors, spec, at);
  const userRules = userRulesOf(errors, spec, path.child('userValidationRules'));
  const mappings = {
    username: username ?? { claim: '', prefix: '' },
    ...(groups && { groups }),
    ...(uid && { uid }),
    extra,
    ...rules,
    userRules,
  };
  return { mappings, errors };
}

const uidSpec = ({ uid = {} }: ClaimMappings): ClaimOrExpression => ({ ...uid, ...(uid.claim && { prefix: '' }) });
