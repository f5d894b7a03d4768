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
