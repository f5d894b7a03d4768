/**
 * What one operation may ask for. All of it is checked before anything is validated or run, fragments written out wherever
 * they are spread, and without ever writing them out.
 */
export const LIMITS = {
  /** Bytes of the document. */
  documentBytes: 64 * 1024,
  /** Names, values and punctuation of the document. */
  tokens: 10_000,
  /** Deeper than any sensible screen, and than introspection queries go. */
  depth: 18,
  fields: 1_000,
  aliases: 100,
  /** Fields of the operation itself. */
  rootFields: 50,
  /** `@include` and `@skip`. */
  directives: 200,
  /** Values in arguments, counted where they are used, however they are given; manifests apart. */
  operands: 2_000,
  sortKeys: 50,
  fragments: 200,
  operations: 20,
  /** Levels of variables. */
  variableDepth: 100,
  /** Values in all variables. */
  variableValues: 200_000,
  /** See `Points`. */
  points: 4_000_000,
  /** Objects an operation reaches, relations included. */
  objects: 10_000,
  answerBytes: 8 * 1024 * 1024,
  /** Of one identity at a time, over HTTP and WebSocket together. */
  operationsAtOnce: 10,
  subscriptionsAtOnce: 400,
  connectionsAtOnce: 100,
  milliseconds: 60_000,
} as const;

/**
 * The measure of work: one is about what a field of an answer costs, a microsecond or two. The event loop is shared in the
 * same measure.
 */
export const POINTS = {
  field: 2,
  /** A row that is looked at, without its body. */
  row: 1,
  /** A KiB of a body that is parsed. */
  parsedKib: 5,
  /** A condition or sort key, for each row. */
  comparison: 1,
  /** A field that leads to other objects. */
  relation: 10,
  /** An object that is read by its name. */
  read: 50,
  /** A few objects that the database looks for. */
  search: 500,
  mutation: 2_000,
  answerKib: 10,
  /** An operation is read and validated. */
  reading: 200,
  /** The schema of a set of kinds is made, some 30 ms, where somebody is the first to ask. */
  schema: 20_000,
  documentByte: 0.3,
  bodyByte: 0.05,
} as const;

/** Bytes of an object whose body has not been seen. */
export const USUAL_BODY = 3 * 1024;

export const parsing = (bytes: number): number => 1 + Math.ceil((bytes * POINTS.parsedKib) / 1024);
