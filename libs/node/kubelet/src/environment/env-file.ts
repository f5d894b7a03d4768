const BLANKS = /^[ \t]+/;

const malformed = (line: number, why: string): Error =>
  new Error(`invalid environment variable format at line ${line}: ${why}`);

/** The name before `=`, and what comes after it. Throws where a line is no assignment. */
function assignment(text: string, line: number): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 0) throw malformed(line, "missing '='");
  const name = text.slice(0, at);
  if (name.trim() === '') throw malformed(line, 'empty variable name');
  if (/[ \t]$/.test(name)) throw malformed(line, "whitespace before '=' is not allowed");
  return [name, text.slice(at + 1)];
}

interface Quoted {
  readonly value: string;
  /** The index of the line that ends it. */
  readonly end: number;
}

/** Text in single quotes, taken as it is, over as many lines as it has. */
function quoted(lines: readonly string[], begin: number, first: string): Quoted {
  if (!first.startsWith("'")) throw malformed(begin + 1, 'value must be enclosed in single quotes');
  const parts: string[] = [];
  let rest = first.slice(1);
  for (let index = begin; ; ) {
    const close = rest.indexOf("'");
    if (close >= 0) {
      const after = rest.slice(close + 1).replace(BLANKS, '');
      if (after !== '' && !after.startsWith('#')) throw malformed(index + 1, 'unexpected content after closing quote');
      return { value: [...parts, rest.slice(0, close)].join('\n'), end: index };
    }
    parts.push(rest);
    index += 1;
    const next = lines[index];
    if (next === undefined) throw malformed(begin + 1, 'unclosed single quote');
    rest = next;
  }
}

/**
 * The value a file of `NAME='value'` lines gives a variable; empty where it gives none. Throws for what is before it and is
 * of another form. Behaves as kubernetes pkg/kubelet/util/env ParseEnv.
 */
export function envFileValue(text: string, key: string): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').replace(BLANKS, '');
    if (line === '' || line.startsWith('#')) continue;
    const [name, value] = assignment(line, index + 1);
    // As in a shell: what stands apart from `=` is not assigned.
    const found = BLANKS.test(value) ? { value: '', end: index } : quoted(lines, index, value);
    if (name === key) return found.value;
    index = found.end;
  }
  return '';
}
