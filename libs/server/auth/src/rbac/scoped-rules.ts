import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import { TOKEN_READING } from '../reading.js';
import { CLUSTERS, isInScope, SELF_SERVICE } from '../scoped-authorizer.js';
import type { CredentialScope } from '../user-info.js';
import { rulesForReading } from './reading-rules.js';
import type { ResolvedRules } from './rule-resolver.js';

/** Whether a pattern that ends with `*` is about a path. */
const isAbout = (url: string, path: string): boolean => url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''));

/** A rule about those of its paths that are left; none where none are. */
function withPaths(rule: PolicyRule, pick: (url: string) => string[]): PolicyRule[] {
  const nonResourceURLs = (rule.nonResourceURLs ?? []).flatMap(pick);
  return nonResourceURLs.length > 0 ? [{ ...rule, nonResourceURLs }] : [];
}

/** What every credential is good for: to sign in and out, and to look after one's own account. */
function selfService(rules: readonly PolicyRule[]): PolicyRule[] {
  const own = (url: string): string[] => {
    if (url.startsWith(SELF_SERVICE)) return [url];
    return isAbout(url, SELF_SERVICE) ? [`${SELF_SERVICE}*`] : [];
  };
  return rules.flatMap((rule) => withPaths(rule, own));
}

/** The rules about anything but some paths. */
function withoutPaths(rules: readonly PolicyRule[], isOut: (url: string) => boolean): PolicyRule[] {
  const kept = (url: string): string[] => (isOut(url) ? [] : [url]);
  return rules.flatMap((rule) => (rule.nonResourceURLs?.length ? withPaths(rule, kept) : [rule]));
}

/** What rules cannot say: a path they are not about. */
function unsaid(rules: readonly PolicyRule[]): string[] {
  const isSaid = rules.some(({ nonResourceURLs = [] }) => nonResourceURLs.some((url) => isAbout(url, CLUSTERS)));
  return isSaid ? [`the token is not for ${CLUSTERS}`] : [];
}

/** What of somebody's rules in a logical cluster the credential they ask with is good for. */
export function rulesInScope(
  scope: CredentialScope,
  cluster: string,
  { rules, ...told }: ResolvedRules,
  served: readonly ResourceDefinition[],
): ResolvedRules {
  const own = selfService(rules);
  if (scope.passwordOnly || !isInScope(scope, cluster)) return { ...told, rules: own };
  const isLimited = scope.clusters.length > 0;
  const others = withoutPaths(rules, (url) => url.startsWith(SELF_SERVICE) || (isLimited && url === CLUSTERS));
  return {
    ...told,
    rules: [...own, ...(scope.readOnly ? rulesForReading(TOKEN_READING, others, served) : others)],
    errors: isLimited ? [...told.errors, ...unsaid(others)] : told.errors,
  };
}
