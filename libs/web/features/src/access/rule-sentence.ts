import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { Translate } from '../messages/index.js';

/** Joins words as a language does: `a, b and c`. */
export type Join = (words: readonly string[]) => string;

const isAll = (values: readonly string[] = []): boolean => values.includes('*');

/** `pods`, `deployments.apps`, or in words what stands for many of them. */
function kindsOf(t: Translate, { apiGroups = [], resources = [] }: PolicyRule): string[] {
  const groups = apiGroups.length > 0 ? apiGroups : [''];
  if (isAll(resources) && isAll(groups)) return [t('access.everything')];
  if (isAll(resources)) return groups.map((group) => t('access.ofGroup', { group: group || 'core' }));
  const ending = (group: string) => (group === '' || isAll(groups) ? '' : `.${group}`);
  const named = isAll(groups) ? [''] : groups;
  return resources.flatMap((resource) => {
    const [kind = '', ...part] = resource.split('/');
    return named.map((group) => [kind + ending(group), ...part].join('/'));
  });
}

/** What a rule allows, in a sentence. */
export function ruleSentence(t: Translate, join: Join, rule: PolicyRule): string {
  const verbs = isAll(rule.verbs) ? t('access.anything') : join(rule.verbs);
  if (rule.nonResourceURLs?.length) return t('access.sentencePaths', { verbs, paths: join(rule.nonResourceURLs) });
  const what = join(kindsOf(t, rule));
  if (!rule.resourceNames?.length) return t('access.sentence', { verbs, what });
  return t('access.sentenceNamed', { verbs, what, names: join(rule.resourceNames) });
}
