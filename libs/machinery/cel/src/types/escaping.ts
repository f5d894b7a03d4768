/** Words that no CEL identifier may be. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
);

const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const UNESCAPES = new Map<string, string>([
  ['underscores', '__'],
  ['dot', '.'],
  ['dash', '-'],
  ['slash', '/'],
]);
const ESCAPABLE = /^[a-zA-Z_./-][a-zA-Z0-9_./-]*$/;

/**
 * The name under which an expression reaches a property, or undefined where it cannot be reached.
 * Behaves as kubernetes apiserver pkg/cel Escape.
 */
export function escapeName(property: string): string | undefined {
  if (RESERVED_WORDS.has(property)) return `__${property}__`;
  if (!ESCAPABLE.test(property)) return undefined;
  return property.replace(/__|[-./]/g, (part) => ESCAPES[part] ?? part);
}

/** The property that an expression means by a name, or undefined where it holds an unknown escape. */
export function unescapeName(name: string): string | undefined {
  let known = true;
  const property = name.replace(/__([^_]+)__/g, (whole, content: string) => {
    const plain = UNESCAPES.get(content);
    if (plain !== undefined) return plain;
    known &&= RESERVED_WORDS.has(content) && whole.length === name.length;
    return content;
  });
  return known ? property : undefined;
}
