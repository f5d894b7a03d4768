import {
  AUTHORIZER_TYPE,
  BOOL,
  type CelType,
  compile,
  DYN,
  formatType,
  INT,
  listOf,
  mapOf,
  RESOURCE_CHECK_TYPE,
  STRING,
} from '@binnacle/machinery-cel';
import { type FieldError, type FieldPath, internalError, invalid } from '@binnacle/machinery-validation';

const TIMESTAMP: CelType = { kind: 'timestamp' };
const STRINGS = listOf(STRING);
const TEXTS = mapOf(STRING, STRING);

function objectOf(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return { kind: 'object', name: `kubernetes.${name}`, fields: new Map(Object.entries(fields)) };
}

const KIND = objectOf('GroupVersionKind', { group: STRING, version: STRING, kind: STRING });
const RESOURCE = objectOf('GroupVersionResource', { group: STRING, version: STRING, resource: STRING });
const USER = objectOf('UserInfo', { username: STRING, uid: STRING, groups: STRINGS, extra: mapOf(STRING, STRINGS) });

/** As kubernetes apiserver pkg/admission/plugin/cel BuildRequestType. */
const REQUEST = objectOf('AdmissionRequest', {
  kind: KIND,
  resource: RESOURCE,
  subResource: STRING,
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: USER,
  dryRun: BOOL,
  options: DYN,
});

const CONDITION = objectOf('NamespaceCondition', {
  status: STRING,
  type: STRING,
  lastTransitionTime: TIMESTAMP,
  message: STRING,
  reason: STRING,
});
const METADATA = objectOf('NamespaceMetadata', {
  name: STRING,
  generateName: STRING,
  namespace: STRING,
  labels: TEXTS,
  annotations: TEXTS,
  UID: STRING,
  creationTimestamp: TIMESTAMP,
  deletionGracePeriodSeconds: INT,
  deletionTimestamp: TIMESTAMP,
  generation: INT,
  resourceVersion: STRING,
  finalizers: STRINGS,
});

/** As BuildNamespaceType of the same package. */
const NAMESPACE = objectOf('Namespace', {
  metadata: METADATA,
  spec: objectOf('NamespaceSpec', { finalizers: STRINGS }),
  status: objectOf('NamespaceStatus', { conditions: listOf(CONDITION), phase: STRING }),
});

/** What an expression of admission sees besides the objects and the request. */
export interface Sight {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** The variables declared so far, by name; absent where there are none at all. */
  readonly variables?: ReadonlyMap<string, CelType>;
  /** What the objects are, where that is known. */
  readonly objects?: { readonly object: CelType; readonly params?: CelType };
}

/** What an expression may name. */
export function namesOf({ params, authorizer, variables, objects }: Sight): Record<string, CelType> {
  const { object = DYN, params: parameters = DYN } = objects ?? {};
  return {
    object,
    oldObject: object,
    namespaceObject: NAMESPACE,
    request: REQUEST,
    ...(params && { params: parameters }),
    ...(authorizer && { authorizer: AUTHORIZER_TYPE, 'authorizer.requestResource': RESOURCE_CHECK_TYPE }),
    ...(variables && { variables: { kind: 'object' as const, name: 'kubernetes.variables', fields: variables } }),
  };
}

const nameOf = (type: CelType): string => (type.kind === 'null' ? 'null_type' : formatType(type));

function mismatch(results: readonly string[], type: string): string {
  const wanted = results.length === 1 ? (results[0] ?? '') : `one of [${results.join(' ')}]`;
  return `must evaluate to ${wanted} but got ${type}`;
}

interface Compiled {
  readonly type: CelType;
  readonly errors: FieldError[];
}

/**
 * Compiles an expression, which must have one of the types; none given, it may have any. Behaves as kubernetes apiserver
 * pkg/admission/plugin/cel CompileCELExpression.
 */
export function compileExpression(text: string, path: FieldPath, sight: Sight, results: readonly string[]): Compiled {
  const compiled = compile(text, { variables: namesOf(sight) });
  if (!compiled.ok) {
    const { reason, message } = compiled;
    if (reason === 'program')
      return { type: DYN, errors: [internalError(path, `program instantiation failed: ${message}`)] };
    return { type: DYN, errors: [invalid(path, text, `compilation failed: ${message}`)] };
  }
  const { type } = compiled.program;
  const fits = results.length === 0 || results.includes(nameOf(type));
  return { type, errors: fits ? [] : [invalid(path, text, mismatch(results, nameOf(type)))] };
}

/** What is wrong with an expression. */
export function validateExpression(
  text: string,
  path: FieldPath,
  sight: Sight,
  ...results: readonly string[]
): FieldError[] {
  return compileExpression(text, path, sight, results).errors;
}
