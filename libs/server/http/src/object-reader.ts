import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { ApiRequest } from './api-request.js';
import { asKind, kindOf, parseBodyValue } from './read-object.js';
import { readFieldValidation } from './write-options.js';

/** Reads the object of a write: decodes, checks its kind and its fields. */
export class ObjectReader {
  /** Throws BadRequest for a body that is no object of the kind. */
  read(request: ApiRequest, definition: ResourceDefinition): UnstructuredObject {
    return this.check(request, definition, this.readValue(request));
  }

  /** Checks a decoded value against the kind it must be of. */
  check(request: ApiRequest, definition: ResourceDefinition, value: unknown): UnstructuredObject {
    readFieldValidation(request);
    return asKind(value, kindOf(definition));
  }

  /** The body as a plain value, whatever kind it is of. */
  readValue({ body, headers }: ApiRequest): unknown {
    return parseBodyValue(body ?? Buffer.alloc(0), headers['content-type']);
  }
}
