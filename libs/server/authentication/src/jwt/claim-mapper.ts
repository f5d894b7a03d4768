import type { Program } from '@binnacle/machinery-cel';
import { CREDENTIAL_ID, TokenRefused, type UserInfo } from '@binnacle/server-auth';
import { type Bindings, type Claims, claimsBinding, evaluate, textsOf, userBinding } from './expressions.js';

/** A claim that is taken as it is, after a prefix. */
export interface MappedClaim {
  readonly claim: string;
  readonly prefix: string;
}

export type Mapping = MappedClaim | { readonly program: Program };

/** What must be true. */
export interface CompiledRule {
  readonly program: Program;
  readonly message: string;
}

/** How claims become a user, compiled. */
export interface CompiledMappings {
  readonly username: Mapping;
  readonly groups?: Mapping;
  readonly uid?: Mapping;
  readonly extra: readonly { readonly key: string; readonly program: Program }[];
  readonly requiredClaims: ReadonlyMap<string, string>;
  readonly claimRules: readonly CompiledRule[];
  readonly userRules: readonly CompiledRule[];
}

const refuse = (why: string): never => {
  throw new TokenRefused(`oidc: ${why}`);
};

function textClaim(claims: Claims, name: string, what: string): string {
  const value = Object.hasOwn(claims, name) ? claims[name] : refuse(`parse ${what} "${name}": claim not present`);
  return typeof value === 'string' ? value : refuse(`parse ${what} "${name}": it is no text`);
}

/** Of an address that its issuer did not look at nobody becomes its owner. */
function checkEmail(claims: Claims): void {
  if (!Object.hasOwn(claims, 'email_verified')) return;
  if (typeof claims.email_verified !== 'boolean') refuse("parse 'email_verified' claim: it is no boolean");
  if (claims.email_verified !== true) refuse('email not verified');
}

function usernameOf(claims: Claims, bindings: () => Bindings, mapping: Mapping): string {
  if ('program' in mapping) {
    const name = evaluate(mapping.program, bindings(), 'username claim expression');
    if (typeof name !== 'string')
      return refuse('error evaluating username claim expression: username claim expression must return a string');
    return name === '' ? refuse('empty username via CEL expression is not allowed') : name;
  }
  const name = textClaim(claims, mapping.claim, 'username claims');
  if (mapping.claim === 'email') checkEmail(claims);
  return `${mapping.prefix}${name}`;
}

function groupsOf(claims: Claims, bindings: () => Bindings, mapping: Mapping | undefined): string[] {
  if (!mapping) return [];
  if ('program' in mapping) {
    const what = 'group claim expression';
    return textsOf(evaluate(mapping.program, bindings(), what), what);
  }
  if (!Object.hasOwn(claims, mapping.claim)) return [];
  // Some name one role and no list of groups.
  const groups = [claims[mapping.claim]].flat();
  if (!groups.every((group) => typeof group === 'string'))
    return refuse(`parse groups claim "${mapping.claim}": it is no list of texts`);
  return groups.map((group) => `${mapping.prefix}${group}`);
}

function uidOf(claims: Claims, bindings: () => Bindings, mapping: Mapping | undefined): string {
  if (!mapping) return '';
  if (!('program' in mapping)) return textClaim(claims, mapping.claim, 'uid claim');
  const uid = evaluate(mapping.program, bindings(), 'uid claim expression');
  return typeof uid === 'string'
    ? uid
    : refuse('error evaluating uid claim expression: uid claim expression must return a string');
}

function extraOf(claims: Claims, bindings: () => Bindings, { extra }: CompiledMappings): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  if (typeof claims.jti === 'string' && claims.jti !== '') found[CREDENTIAL_ID] = [`JTI=${claims.jti}`];
  for (const { key, program } of extra) {
    const what = 'extra claim expression';
    const values = textsOf(evaluate(program, bindings(), what), what);
    if (values.length > 0) found[key] = values;
  }
  return found;
}

function checkRequired(claims: Claims, required: ReadonlyMap<string, string>): void {
  for (const [claim, value] of required) {
    if (!Object.hasOwn(claims, claim)) refuse(`required claim ${claim} not present in ID token`);
    if (claims[claim] !== value) refuse(`required claim ${claim} value does not match. Want = ${value}`);
  }
}

function checkRules(rules: readonly CompiledRule[], bindings: () => Bindings, what: string): void {
  for (const { program, message } of rules) {
    if (evaluate(program, bindings(), what) === true) continue;
    refuse(`error evaluating ${what}: validation expression '${program.source}' failed: ${message}`);
  }
}

/**
 * The user that the claims of a verified token stand for. Throws TokenRefused where they are not as they must be. Behaves as
 * kubernetes apiserver plugin/pkg/authenticator/token/oidc.
 */
export function mapClaims(claims: Claims, mappings: CompiledMappings): UserInfo {
  let made: Bindings | undefined;
  const bindings = () => (made ??= claimsBinding(claims));
  const name = usernameOf(claims, bindings, mappings.username);
  const groups = groupsOf(claims, bindings, mappings.groups);
  const uid = uidOf(claims, bindings, mappings.uid);
  const extra = extraOf(claims, bindings, mappings);
  checkRequired(claims, mappings.requiredClaims);
  checkRules(mappings.claimRules, bindings, 'claim validation expression');
  const user: UserInfo = {
    name,
    groups,
    ...(uid !== '' && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
  checkRules(mappings.userRules, () => userBinding(user), 'user info validation rule');
  return user;
}
