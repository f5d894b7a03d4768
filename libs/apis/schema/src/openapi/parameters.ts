/** A query or path parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
}

const query = (name: string, type: Parameter['type'], description: string): Parameter => ({
  name,
  in: 'query',
  type,
  description,
});

export const pretty = query('pretty', 'string', 'Answers indented where true.');
const dryRun = query('dryRun', 'string', 'With All, the request is checked and answered but nothing is stored.');
const fieldManager = query('fieldManager', 'string', 'The name of who or what makes the change.');
const fieldValidation = query(
  'fieldValidation',
  'string',
  'What to do with unknown and repeated fields: Ignore, Warn (the default) or Strict.',
);
const resourceVersion = query('resourceVersion', 'string', 'The revision to read at or not before.');
const gracePeriodSeconds = query('gracePeriodSeconds', 'integer', 'Seconds an object may go on before it is deleted.');
const propagationPolicy = query(
  'propagationPolicy',
  'string',
  'What becomes of dependents: Orphan, Background or Foreground.',
);
const orphanDependents = query('orphanDependents', 'boolean', 'Deprecated: use propagationPolicy.');

export const writeParameters: readonly Parameter[] = [dryRun, fieldManager, fieldValidation];
export const patchParameters: readonly Parameter[] = [
  ...writeParameters,
  query('force', 'boolean', 'Takes fields over from other managers. Server-side apply only.'),
];
export const deleteParameters: readonly Parameter[] = [dryRun, gracePeriodSeconds, orphanDependents, propagationPolicy];
export const listParameters: readonly Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'Asks for BOOKMARK events.'),
  query('continue', 'string', 'The token of the page before.'),
  query('fieldSelector', 'string', 'Restricts the answer by fields.'),
  query('labelSelector', 'string', 'Restricts the answer by labels.'),
  query('limit', 'integer', 'The most items of one answer.'),
  resourceVersion,
  query('resourceVersionMatch', 'string', 'How resourceVersion is taken: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'boolean', 'A watch begins with the present state.'),
  query('timeoutSeconds', 'integer', 'The longest a watch or list may take.'),
  query('watch', 'boolean', 'Follows changes instead of listing.'),
];

export const logParameters: readonly Parameter[] = [
  query('container', 'string', 'The container; needed where there are several.'),
  query('follow', 'boolean', 'Goes on with what is written later.'),
  query('limitBytes', 'integer', 'The most bytes of the answer.'),
  query('previous', 'boolean', 'Of the container that ended last.'),
  query('sinceSeconds', 'integer', 'Not older than so many seconds.'),
  query('tailLines', 'integer', 'The last lines only.'),
  query('timestamps', 'boolean', 'Puts the time before each line.'),
];

const streamParameters: readonly Parameter[] = [
  query('container', 'string', 'The container; needed where there are several.'),
  query('stderr', 'boolean', 'Streams standard error.'),
  query('stdin', 'boolean', 'Streams standard input.'),
  query('stdout', 'boolean', 'Streams standard output.'),
  query('tty', 'boolean', 'With a terminal, whose output is all standard output.'),
];
const proxyParameters: readonly Parameter[] = [query('path', 'string', 'The path behind the proxy.')];

/** Of what connects to something that runs, by subresource. */
export const connectParameters: Readonly<Record<string, readonly Parameter[]>> = {
  attach: streamParameters,
  exec: [query('command', 'string', 'A word of the command; may be repeated.'), ...streamParameters],
  portforward: [query('ports', 'integer', 'Ports, where the protocol has no other way to name them.')],
  proxy: proxyParameters,
};

export const proxiedPathParameter: Parameter = {
  name: 'path',
  in: 'path',
  type: 'string',
  description: 'The path behind the proxy.',
};

export const namespaceParameter: Parameter = {
  name: 'namespace',
  in: 'path',
  type: 'string',
  description: 'The namespace of the object.',
};

export function nameParameter(kind: string): Parameter {
  return { name: 'name', in: 'path', type: 'string', description: `The name of the ${kind}.` };
}
