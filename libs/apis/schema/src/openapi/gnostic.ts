import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { WireWriter } from '@binnacle/machinery-protobuf';

/** What clients older than 1.27 ask for the v2 document in, and what the answer calls itself. */
export const OPENAPI_V2_PROTOBUF_ACCEPT = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
export const OPENAPI_V2_PROTOBUF_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Writes one member of a JSON object as the field of that number. */
type Write = (writer: WireWriter, field: number, value: unknown) => void;
/** The members of a message: how each is called in JSON, its number, how it is written. */
type Message = Readonly<Record<string, readonly [number, Write]>>;

const text: Write = (writer, field, value) => writer.text(field, String(value));
const bool: Write = (writer, field, value) => writer.bool(field, value === true);
const texts: Write = (writer, field, value) => {
  for (const item of value as unknown[]) writer.text(field, String(item));
};
const wrapped =
  (number: number, write: Write): Write =>
  (writer, field, value) =>
    writer.message(field, (inner) => write(inner, number, value));
const each =
  (write: Write): Write =>
  (writer, field, value) => {
    for (const item of value as unknown[]) write(writer, field, item);
  };
/** A JSON object as a list of named values. */
const named =
  (write: Write): Write =>
  (writer, field, value) => {
    for (const [name, member] of Object.entries(value as JsonObject)) {
      writer.message(field, (entry) => {
        entry.text(1, name);
        write(entry, 2, member);
      });
    }
  };

/** Free values travel as YAML, of which JSON is a part. */
const anything: Write = (writer, field, value) =>
  writer.message(field, (inner) => inner.text(2, `${JSON.stringify(value)}\n`));

/** An object whose members are fields; those that begin with `x-` are extensions of the given number. */
const message =
  (members: () => Message, extensions: number): Write =>
  (writer, field, value) =>
    writer.message(field, (inner) => writeMembers(inner, value as JsonObject, members(), extensions));

function writeMembers(writer: WireWriter, value: JsonObject, members: Message, extensions: number): void {
  for (const [name, member] of Object.entries(value)) {
    const known = members[name];
    if (known) known[1](writer, known[0], member);
    else if (name.startsWith('x-')) named(anything)(writer, extensions, { [name]: member });
  }
}

const schema: Write = message(() => SCHEMA, 31);
const schemaOrFlag: Write = (writer, field, value) =>
  isJsonObject(value) ? wrapped(1, schema)(writer, field, value) : wrapped(2, bool)(writer, field, value);

const SCHEMA: Message = {
  $ref: [1, text],
  format: [2, text],
  description: [4, text],
  required: [19, texts],
  enum: [20, each(anything)],
  additionalProperties: [21, schemaOrFlag],
  type: [22, wrapped(1, text)],
  items: [23, wrapped(1, schema)],
  properties: [25, wrapped(1, named(schema))],
};

const BODY_PARAMETER: Message = {
  description: [1, text],
  name: [2, text],
  in: [3, text],
  required: [4, bool],
  schema: [5, schema],
};
const QUERY_PARAMETER: Message = {
  required: [1, bool],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [6, text],
  uniqueItems: [20, bool],
};
const PATH_PARAMETER: Message = {
  required: [1, bool],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [5, text],
  uniqueItems: [19, bool],
};

const nonBody: Write = (writer, field, value) => {
  const inPath = (value as JsonObject).in === 'path';
  const [number, members] = inPath ? [4, PATH_PARAMETER] : [3, QUERY_PARAMETER];
  writer.message(field, (inner) => message(() => members, inPath ? 22 : 23)(inner, number, value));
};
const parameter: Write = wrapped(1, (writer, field, value) => {
  const inBody = (value as JsonObject).in === 'body';
  writer.message(field, (inner) =>
    inBody ? message(() => BODY_PARAMETER, 6)(inner, 1, value) : nonBody(inner, 2, value),
  );
});

const RESPONSE: Message = { description: [1, text], schema: [2, wrapped(1, schema)] };
const OPERATION: Message = {
  tags: [1, texts],
  description: [3, text],
  operationId: [5, text],
  produces: [6, texts],
  consumes: [7, texts],
  parameters: [8, each(parameter)],
  responses: [
    9,
    wrapped(
      1,
      named(
        wrapped(
          1,
          message(() => RESPONSE, 5),
        ),
      ),
    ),
  ],
  schemes: [10, texts],
};
const operation: Write = message(() => OPERATION, 13);
const PATH: Message = {
  get: [2, operation],
  put: [3, operation],
  post: [4, operation],
  delete: [5, operation],
  options: [6, operation],
  head: [7, operation],
  patch: [8, operation],
};
const INFO: Message = { title: [1, text], version: [2, text] };
const API_KEY: Message = { type: [1, text], name: [2, text], in: [3, text], description: [4, text] };
const DOCUMENT: Message = {
  swagger: [1, text],
  info: [2, message(() => INFO, 7)],
  paths: [8, wrapped(2, named(message(() => PATH, 10)))],
  definitions: [9, wrapped(1, named(schema))],
  security: [12, each(wrapped(1, named(wrapped(1, texts))))],
  securityDefinitions: [
    13,
    wrapped(
      1,
      named(
        wrapped(
          2,
          message(() => API_KEY, 5),
        ),
      ),
    ),
  ],
};

/** The v2 document in the protobuf of gnostic's openapi.v2, which older clients insist on. */
export function encodeOpenApiV2(document: JsonObject): Uint8Array {
  const writer = new WireWriter();
  writeMembers(writer, document, DOCUMENT, 16);
  return writer.finish();
}
