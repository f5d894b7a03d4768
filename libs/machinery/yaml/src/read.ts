import { YamlDecoder } from './decode.js';
import { composeYaml } from './nodes.js';

/** Aliases written out, YAML may not be larger than any body may be. */
const MAX_YAML_SIZE = 3 * 1024 * 1024;

export interface ParsedYaml {
  /** As JSON has it; null where the text holds nothing. */
  readonly value: unknown;
  /** What upstream says of keys given twice, of which the last one counts: one text or none. */
  readonly repeated: readonly string[];
}

/**
 * Reads YAML, of which JSON is a part, as all of Kubernetes does: `yes` and `on` are true, `0640` is octal, `1_000` is a
 * number, `<<` merges. Behaves as sigs.k8s.io/yaml YAMLToJSONStrict.
 * @throws YamlSyntaxError for what is none, StatusError RequestEntityTooLarge for text that only seems short.
 */
export function parseYaml(text: string): ParsedYaml {
  const { value, repeated } = new YamlDecoder(text, MAX_YAML_SIZE).decode(composeYaml(text));
  return {
    value,
    repeated: repeated.length > 0 ? [`yaml: unmarshal errors:\n${repeated.map((line) => `  ${line}`).join('\n')}`] : [],
  };
}
