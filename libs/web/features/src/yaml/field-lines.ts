/** A step into a document: a key, an index, or a key in brackets as in `labels[app.kubernetes.io/name]`. */
type Step = string | number;

const STEP = /([^.[\]]+)|\[(\d+)\]|\[([^\]]+)\]/g;

export function parseFieldPath(path: string): Step[] {
  return [...path.matchAll(STEP)].map(([, key, index, quoted]) =>
    index !== undefined ? Number(index) : (key ?? quoted ?? '').replaceAll(/^["']|["']$/g, ''),
  );
}

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

function significantLines(yaml: string): Line[] {
  return yaml.split('\n').flatMap((raw, index) => {
    const text = raw.trim();
    if (text === '' || text.startsWith('#') || text === '---') return [];
    return [{ number: index + 1, indent: raw.length - raw.trimStart().length, text }];
  });
}

const ENTRY = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s"'#][^#]*?)):(?:\s|$)/;

function keyOf(text: string): string | undefined {
  const found = ENTRY.exec(text);
  return found ? (found[1] ?? found[2] ?? found[3]) : undefined;
}

/** The lines of a list item stand as if its dash were a space, so that its keys are found like any other's. */
function undash(line: Line): Line {
  const rest = line.text.slice(1);
  const text = rest.trimStart();
  return { number: line.number, indent: line.indent + 1 + rest.length - text.length, text };
}

const isItem = ({ text }: Line): boolean => text === '-' || text.startsWith('- ');

/** The lines below `lines[at]`: deeper ones, and the dashes of a list that stands at its key's own depth. */
function childrenOf(lines: readonly Line[], at: number): Line[] {
  const parent = lines[at];
  if (!parent) return [];
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.indent < parent.indent || (line.indent === parent.indent && !isItem(line)));
  return end < 0 ? rest : rest.slice(0, end);
}

function itemAt(lines: readonly Line[], index: number): Line[] {
  const depth = lines[0]?.indent ?? 0;
  const starts = lines.flatMap((line, at) => (line.indent === depth && isItem(line) ? [at] : []));
  const start = starts[index];
  if (start === undefined) return [];
  const item = lines.slice(start, starts[index + 1]);
  return item.map((line, at) => (at === 0 ? undash(line) : line));
}

function stepInto(lines: readonly Line[], step: Step): { at: Line; inside: Line[] } | undefined {
  if (typeof step === 'number') {
    const inside = itemAt(lines, step);
    return inside[0] && { at: inside[0], inside };
  }
  const depth = lines[0]?.indent;
  const at = lines.findIndex((line) => line.indent === depth && keyOf(line.text) === step);
  const line = lines[at];
  return line && { at: line, inside: childrenOf(lines, at) };
}

/**
 * The 1-based line of a field in block-style YAML, or of the nearest parent that is there; undefined if not even the first step is.
 * `path` is as the server writes it: `spec.template.spec.containers[0].image`.
 */
export function lineOfField(yaml: string, path: string): number | undefined {
  let lines = significantLines(yaml);
  let found: number | undefined;
  for (const step of parseFieldPath(path)) {
    const next = stepInto(lines, step);
    if (!next) return found;
    found = next.at.number;
    lines = next.inside;
  }
  return found;
}
