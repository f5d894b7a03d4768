import { expectedKind } from '@binnacle/apis-registry';
import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import {
  conformToKind,
  type DecodedBody,
  decodeDeleteOptions,
  decodeJsonBody,
  decodeProtobufBody,
  decodeYamlBody,
  type ExpectedKind,
  isMessage,
  strictDecodingError,
} from '@binnacle/apis-schema';
import {
  type DeleteOptions,
  newBadRequest,
  newInvalid,
  newUnsupportedMediaType,
  StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { fieldPath, invalid } from '@binnacle/machinery-validation';
import type { ObjectPlace, ResourceStore, UpdateOptions } from '@binnacle/server-registry';
import type { ApiRequest } from '../request/api-request.js';
import { readConfiguration } from './apply-configuration.js';
import { refuseLargeObject } from '../request/body-values.js';
import { bodyFormat } from '../request/media-types.js';
import { withoutKnownOwners } from './known-owners.js';
import type { Patch } from './read-patch.js';
import { readFieldValidation } from '../request/write-options.js';

/** JSON among its bytes has not been counted yet. */
function withinLimit(decoded: DecodedBody, { bodyValues }: ExpectedKind): DecodedBody {
  refuseLargeObject(decoded.object, bodyValues);
  return decoded;
}

const NO_BODY = Buffer.alloc(0);
/** What objects without a message of their own can be sent as. */
const TEXT_TYPES = ['application/json', 'application/yaml'];

interface Next {
  readonly next: UnstructuredObject;
  /** What is left out of it. */
  readonly sent: Pick<UpdateOptions, 'sentOwners'>;
}

/** Reads the objects of writes: decodes, checks kind and fields, and brings values into canonical form. */
export class ObjectReader {
  /** The object a request carries. Throws BadRequest where it is none of the kind. */
  read(request: ApiRequest, expected: ExpectedKind, body = request.body): UnstructuredObject {
    const { object, problems } = this.decode(request, expected, body);
    this.complain(request, problems, () => strictDecodingError(expected, problems));
    return object;
  }

  /** What is to be put in the place of an object; without its managed fields where they are sent as they are. */
  readNext(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Next {
    const { body, headers, ctx } = request;
    const expected = expectedKind(store.definition);
    const owners = body && bodyFormat(headers['content-type']) === 'json' && store.peekOwners(ctx, place);
    const rest = owners && withoutKnownOwners(body, owners);
    if (!rest) return { next: this.read(request, expected), sent: {} };
    return { next: this.read(request, expected, rest), sent: { sentOwners: owners.toString() } };
  }

  /** Checks what a patch has made. Throws Invalid, as upstream does. */
  readPatched(
    request: ApiRequest,
    expected: ExpectedKind,
    patched: unknown,
    patch: Pick<Patch, 'problems' | 'told' | 'owned'>,
  ): UnstructuredObject {
    const refuse = (why: string) => {
      const error = invalid(fieldPath('patch'), patch.told(patched), why);
      return newInvalid({ group: '', kind: '' }, '', [error]);
    };
    refuseLargeObject(patched, expected.bodyValues);
    const { object, problems: found } = this.conformPatched(patched, expected, patch.owned, refuse);
    const problems = [...patch.problems, ...found];
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
    const { metadata: _, ...options } = decodeDeleteOptions(
      body,
      bodyFormat(headers['content-type']),
      builtinSchemas,
    ).object;
    return options;
  }

  private decode({ headers }: ApiRequest, expected: ExpectedKind, body: Buffer = NO_BODY): DecodedBody {
    const format = bodyFormat(headers['content-type']);
    if (format === 'protobuf') {
      if (!isMessage(expected.schemas, expected.schema)) throw newUnsupportedMediaType(TEXT_TYPES);
      return withinLimit(decodeProtobufBody(body, expected), expected);
    }
    return format === 'yaml' ? decodeYamlBody(body, expected) : decodeJsonBody(body, expected);
  }

  private conformPatched(
    patched: unknown,
    expected: ExpectedKind,
    owned: boolean,
    refuse: (why: string) => Error,
  ): DecodedBody {
    try {
      return conformToKind(patched, expected, [], owned);
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
