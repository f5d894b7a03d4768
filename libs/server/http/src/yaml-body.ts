import { newRequestEntityTooLarge, quote } from '@binnacle/machinery-meta';
import { expandedSize } from '@binnacle/machinery-patch';
import { load, YAMLException } from 'js-yaml';

/** Aliases written out, YAML may not be larger than any body may be. */
const MAX_YAML_SIZE = 3 * 1024 * 1024;

export interface ParsedYaml {
  readonly value: unknown;
  /** What upstream says of a key given twice, of which the last one counts. */
  readonly repeated: readonly string[];
}

/** Text that is no YAML, in words like those of Go's reader. */
export class YamlSyntaxError extends Error {
  override readonly name = 'YamlSyntaxError';
}

const KEY = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^:,{}[\]\r\n]+/y;

/** The key that stands at a position, which for a quoted one is behind its quote. */
function keyAt(text: string, position: number): string {
  const isQuoted = position > 0 && `"'`.includes(text.charAt(position - 1));
  KEY.lastIndex = isQuoted ? position - 1 : position;
  const key = load(KEY.exec(text)?.[0] ?? '');
  return String(key);
}

/** Keys given twice, which the reader only tells by refusing the text. */
function repeatedKeys(text: string): string[] {
  try {
    load(text);
    return [];
  } catch (error) {
    if (!(error instanceof YAMLException) || !error.reason.includes('duplicated mapping key')) return [];
    const { line = 0, position = 0 } = error.mark ?? {};
    const key = quote(keyAt(text, position));
    return [`yaml: unmarshal errors:\n  line ${line + 1}: key ${key} already set in map`];
  }
}

/**
 * Reads YAML, of which JSON is a part.
 * @throws YamlSyntaxError for what is none, StatusError RequestEntityTooLarge for text that only seems short.
 */
export function parseYaml(text: string): ParsedYaml {
  let value: unknown;
  try {
    value = load(text, { json: true });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlSyntaxError(`yaml: line ${(error.mark?.line ?? 0) + 1}: ${error.reason}`);
  }
  if (expandedSize(value, MAX_YAML_SIZE) >= MAX_YAML_SIZE) throw newRequestEntityTooLarge(`limit is ${MAX_YAML_SIZE}`);
  return { value, repeated: repeatedKeys(text) };
}
