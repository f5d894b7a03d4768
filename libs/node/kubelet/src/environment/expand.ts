/**
 * Replaces `$(NAME)` by what `lookup` knows; unknown names stay as they are and `$$` is a single `$`.
 * Behaves as kubernetes third_party/forked/golang/expansion.
 */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replaceAll(/\$\$|\$\(([^()]*)\)/g, (match: string, name: string | undefined) => {
    if (match === '$$') return '$';
    return lookup(name ?? '') ?? match;
  });
}
