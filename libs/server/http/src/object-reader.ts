import {
  conformToKind,
  type DecodedBody,
  decodeDeleteOptions,
  decodeJsonBody,
  decodeProtobufBody,
  type ExpectedKind,
  strictDecodingError,
  unrecognizedBody,
} from '@binnacle/apis-kubernetes/schema';
import {
  type DeleteOptions,
  newBadRequest,
  newInvalid,
  StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { fieldPath, invalid } from '@binnacle/machinery-validation';
import type { ApiRequest } from './api-request.js';
import { readConfiguration } from './apply-configuration.js';
import { bodyFormat } from './media-types.js';
import { readFieldValidation } from './write-options.js';
import { parseYaml, YamlSyntaxError } from './yaml-body.js';

const NO_BODY = Buffer.alloc(0);

function decodeYamlBody(body: Buffer, expected: ExpectedKind): DecodedBody {
  try {
    const { value, repeated } = parseYaml(body.toString());
    const { object, problems } = conformToKind(value, expected);
    return { object, problems: [...repeated, ...problems] };
  } catch (error) {
    throw error instanceof YamlSyntaxError ? unrecognizedBody(expected.kind, error.message, body) : error;
  }
}

/** Reads the objects of writes: decodes, checks kind and fields, and brings values into canonical form. */
export class ObjectReader {
  /** The object a request carries. Throws BadRequest where it is none of the kind. */
  read(request: ApiRequest, expected: ExpectedKind): UnstructuredObject {
    const { object, problems } = this.decode(request, expected);
    this.complain(request, problems, () => strictDecodingError(expected, problems));
    return object;
  }

  /** Checks what a patch has made; `known` is what is wrong with the patch itself. Throws Invalid, as upstream does. */
  readPatched(
    request: ApiRequest,
    expected: ExpectedKind,
    patched: unknown,
    known: readonly string[] = [],
  ): UnstructuredObject {
    const refuse = (why: string) => {
      const error = invalid(fieldPath('patch'), (request.body ?? '').toString(), why);
      return newInvalid({ group: '', kind: '' }, '', [error]);
    };
    const { object, problems: found } = this.conformPatched(patched, expected, refuse);
    const problems = [...known, ...found];
    this.complain(request, problems, () => refuse(`strict decoding error: ${problems.join(', ')}`));
    return object;
  }

  /** The configuration of a server-side apply: YAML, of which JSON is a part. Unknown fields are never taken. */
  readConfiguration(request: ApiRequest, expected: ExpectedKind): UnstructuredObject {
    const { config, repeated } = readConfiguration((request.body ?? NO_BODY).toString(), expected);
    this.complain(request, repeated, () => newBadRequest(`error strict decoding YAML: ${repeated.join(', ')}`));
    return config;
  }

  /** The options in the body of a DELETE. */
  readDeleteOptions(request: ApiRequest): DeleteOptions {
    const { body = NO_BODY, headers } = request;
    const format = bodyFormat(headers['content-type']) === 'protobuf' ? 'protobuf' : 'json';
    const { metadata: _, ...options } = decodeDeleteOptions(body, format).object;
    return options;
  }

  private decode({ body = NO_BODY, headers }: ApiRequest, expected: ExpectedKind): DecodedBody {
    const format = bodyFormat(headers['content-type']);
    if (format === 'protobuf') return decodeProtobufBody(body, expected);
    return format === 'yaml' ? decodeYamlBody(body, expected) : decodeJsonBody(body, expected);
  }

  private conformPatched(patched: unknown, expected: ExpectedKind, refuse: (why: string) => Error): DecodedBody {
    try {
      return conformToKind(patched, expected);
    } catch (error) {
      throw error instanceof StatusError ? refuse(error.message) : error;
    }
  }

  private complain(request: ApiRequest, problems: readonly string[], refuse: () => Error): void {
    const validation = readFieldValidation(request);
    if (problems.length === 0 || validation === 'Ignore') return;
    if (validation === 'Strict') throw refuse();
    for (const problem of problems) request.ctx.warn(problem);
  }
}
