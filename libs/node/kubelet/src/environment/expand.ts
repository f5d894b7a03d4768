import { own } from '@binnacle/machinery-meta';

/**
 * Replaces `$(NAME)` by the variable of that name; unknown names stay as they are and `$$` is a single `$`.
 * Behaves as kubernetes third_party/forked/golang/expansion.
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^()]*)\)/g, (match: string, name: string | undefined) => {
    if (match === '$$') return '$';
    return own(variables, name ?? '') ?? match;
  });
}

/** The same where every name must have a value. Behaves as kubernetes pkg/kubelet/container ExpandContainerVolumeMounts. */
export function expandAll(text: string, variables: Readonly<Record<string, string>>): string {
  const names = [...text.matchAll(/\$\$|\$\(([^()]*)\)/g)].flatMap(([, name]) => name ?? []);
  const missing = [...new Set(names.filter((name) => !own(variables, name)))].sort();
  if (missing.length > 0) throw new Error(`missing value for ${missing.join(', ')}`);
  return expand(text, variables);
}
