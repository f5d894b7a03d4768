import { applyType, conformToKind, type DecodedBody, type ExpectedKind } from '@binnacle/apis-kubernetes/schema';
import { printPath, typedPatchError } from '@binnacle/machinery-apply';
import { formatApiVersion, newBadRequest, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject, jsonTypeName } from '@binnacle/machinery-patch';
import { parseYaml, type ParsedYaml, YamlSyntaxError } from './yaml-body.js';

export interface ReadConfiguration {
  readonly config: UnstructuredObject;
  /** What upstream says of keys given twice. */
  readonly repeated: readonly string[];
}

function parsed(text: string): ParsedYaml {
  try {
    return parseYaml(text);
  } catch (error) {
    throw error instanceof YamlSyntaxError ? newBadRequest(`error decoding YAML: ${error.message}`) : error;
  }
}

function checkVersion(value: JsonObject, expected: ExpectedKind): void {
  const { apiVersion = '' } = value;
  const wanted = formatApiVersion(expected);
  if (apiVersion === wanted) return;
  const why = `Specified patch version: ${String(apiVersion)}, expected: ${wanted}`;
  throw newBadRequest(`Incorrect version specified in apply patch. ${why}`);
}

/** `spec.containers[0].imag` in its steps. */
function stepsOf(path: string): (string | number)[] {
  const steps = path.match(/[^.[\]]+|\[\d+\]/g) ?? [];
  return steps.map((step) => (step.startsWith('[') ? Number(step.slice(1, -1)) : step));
}

function undeclared(value: JsonObject, schema: string, paths: readonly string[]): string {
  const type = applyType(schema);
  const texts = paths.map((path) => `${printPath(value, type, stepsOf(path))}: field not declared in schema`);
  return texts.length === 1 ? `${texts[0]}` : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n');
}

function conformed(value: JsonObject, expected: ExpectedKind, refuse: (why: string) => Error): DecodedBody {
  try {
    return conformToKind(value, expected);
  } catch (error) {
    throw error instanceof StatusError ? refuse(error.message) : error;
  }
}

/**
 * Reads what a server-side apply is to make of an object: YAML, of which JSON is a part, that says its kind and nothing
 * the schema does not know. Behaves as kubernetes apiserver pkg/endpoints/handlers applyPatcher.
 */
export function readConfiguration(text: string, expected: ExpectedKind): ReadConfiguration {
  const { value, repeated } = parsed(text);
  if (!isJsonObject(value)) {
    const why = `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type map[string]interface {}`;
    throw newBadRequest(`error decoding YAML: error unmarshaling JSON: ${why}`);
  }
  checkVersion(value, expected);
  const metadata = isJsonObject(value.metadata) ? value.metadata : {};
  const stated = { ...value, metadata } as unknown as UnstructuredObject;
  const refuse = (why: string) => typedPatchError(stated, why);
  if (!value.kind) throw refuse(`no corresponding type for ${expected.group}/${expected.version}, Kind=`);
  const { object, unknownFields = [] } = conformed(value, expected, refuse);
  if (unknownFields.length > 0) throw refuse(undeclared(value, expected.schema, unknownFields));
  return { config: object, repeated };
}
