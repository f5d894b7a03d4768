import { quote } from './quote.js';
import { type StatusCause, type StatusDetails, StatusError } from './status-error.js';

/** What a failure is about; `group` is empty for the legacy group. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** A field error as a Status needs it; `FieldError` of machinery-validation is one. */
export interface InvalidField {
  readonly type: string;
  readonly field: string;
  readonly message: string;
}

/** `pods`, `deployments.apps`. */
export function formatGroupResource({ group, resource }: GroupResource): string {
  return group ? `${resource}.${group}` : resource;
}

/** `Pod`, `Deployment.apps`. */
export function formatGroupKind({ group, kind }: GroupKind): string {
  return group ? `${kind}.${group}` : kind;
}

/** Leaves out what is empty, and keeps the order in which upstream writes the rest. */
function details(of: GroupResource, name = '', extra: StatusDetails = {}): StatusDetails {
  return {
    ...(name && { name }),
    ...(of.group && { group: of.group }),
    ...(of.resource && { kind: of.resource }),
    ...extra,
  };
}

const retryDetails = (seconds: number): StatusDetails => (seconds > 0 ? { retryAfterSeconds: seconds } : {});
const subject = (of: GroupResource, name: string): string => `${formatGroupResource(of)} ${quote(name)}`;

// Behaves as kubernetes apimachinery pkg/api/errors: codes, reasons, details and texts are those clients know.

export function newNotFound(of: GroupResource, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${subject(of, name)} not found`, details(of, name));
}

export function newAlreadyExists(of: GroupResource, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${subject(of, name)} already exists`, details(of, name));
}

export function newGenerateNameConflict(of: GroupResource, name: string, retryAfterSeconds: number): StatusError {
  const problem = 'already exists, the server was not able to generate a unique name for the object';
  const extra = retryDetails(retryAfterSeconds);
  return new StatusError(409, 'AlreadyExists', `${subject(of, name)} ${problem}`, details(of, name, extra));
}

/** What upstream says when the resourceVersion of an update is not the newest. */
export const OBJECT_MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

export function newConflict(of: GroupResource, name: string, why: string = OBJECT_MODIFIED): StatusError {
  const text = `Operation cannot be fulfilled on ${subject(of, name)}: ${why}`;
  return new StatusError(409, 'Conflict', text, details(of, name));
}

/** A server-side apply met fields owned by others; each cause names one. */
export function newApplyConflict(causes: StatusCause[], message: string): StatusError {
  return new StatusError(409, 'Conflict', message, { causes });
}

export function newUnauthorized(why = 'not authorized'): StatusError {
  return new StatusError(401, 'Unauthorized', why || 'not authorized');
}

export function newForbidden(of: GroupResource, name: string, why: string): StatusError {
  const whole = formatGroupResource(of);
  const about = name ? `${subject(of, name)} is forbidden` : `${whole} is forbidden`;
  return new StatusError(403, 'Forbidden', whole ? `${about}: ${why}` : `forbidden: ${why}`, details(of, name));
}

/** One text of many field errors: alone as it is, several in brackets, the same one only once. */
function aggregate(errors: readonly InvalidField[]): string {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  return texts.length === 1 ? `${texts[0]}` : `[${texts.join(', ')}]`;
}

/** Characters of all that is told of an object: each of thousands of faults may show thousands of values. */
const MOST_TOLD = 1024 * 1024;

function toldOf(errors: readonly InvalidField[]): readonly InvalidField[] {
  let size = 0;
  const end = errors.findIndex(({ message }) => (size += message.length) > MOST_TOLD);
  return end < 0 ? errors : errors.slice(0, Math.max(1, end));
}

/** Of very many faults the first are told. */
export function newInvalid(kind: GroupKind, name: string, all: readonly InvalidField[]): StatusError {
  const errors = toldOf(all);
  const about = `${formatGroupKind(kind)} ${quote(name)} is invalid`;
  const causes = errors.map(({ type, message, field }) => ({ reason: type, message, field }));
  const text = errors.length === 0 ? about : `${about}: ${aggregate(errors)}`;
  const of = { group: kind.group, resource: kind.kind };
  return new StatusError(422, 'Invalid', text, details(of, name, causes.length > 0 ? { causes } : {}));
}

export function newBadRequest(why: string): StatusError {
  return new StatusError(400, 'BadRequest', why);
}

export function newMethodNotSupported(of: GroupResource, action: string): StatusError {
  const text = `${action} is not supported on resources of kind ${quote(formatGroupResource(of))}`;
  return new StatusError(405, 'MethodNotAllowed', text, details(of));
}

/** A path that does not take the method; upstream's generic 405 carries no name. */
export function newMethodNotAllowed(): StatusError {
  const text = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', text, {});
}

/** A path no handler knows; upstream's generic 404 carries no name. */
export function newUnknownPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function newNotAcceptable(accepted: readonly string[]): StatusError {
  const text = `only the following media types are accepted: ${accepted.join(', ')}`;
  return new StatusError(406, 'NotAcceptable', text);
}

export function newUnsupportedMediaType(accepted: readonly string[]): StatusError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', text);
}

export function newRequestEntityTooLarge(why: string): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${why}`);
}

/** The revision asked for is no longer kept: list again. */
export function newExpired(why: string): StatusError {
  return new StatusError(410, 'Expired', why);
}

export function newGone(why: string): StatusError {
  return new StatusError(410, 'Gone', why);
}

/** What upstream says to a watch or list that starts before the oldest kept revision. */
export function newTooOldResourceVersion(
  asked: number | bigint | string,
  oldest: number | bigint | string,
): StatusError {
  return newExpired(`too old resource version: ${asked} (${oldest})`);
}

/** The revision asked for has not been made yet; clients wait `retryAfterSeconds` and ask again. */
export function newTooLargeResourceVersion(asked: string, newest: string, retryAfterSeconds = 1): StatusError {
  const text = `Too large resource version: ${asked}, current: ${newest}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new StatusError(504, 'Timeout', `Timeout: ${text}`, { causes, ...retryDetails(retryAfterSeconds) });
}

export function newTimeout(why: string, retryAfterSeconds = 0): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: ${why}`, retryDetails(retryAfterSeconds));
}

export function newServerTimeout(of: GroupResource, operation: string, retryAfterSeconds = 0): StatusError {
  const about = `The ${operation} operation against ${formatGroupResource(of)}`;
  const text = `${about} could not be completed at this time, please try again.`;
  return new StatusError(500, 'ServerTimeout', text, details(of, operation, retryDetails(retryAfterSeconds)));
}

export function newTooManyRequests(why: string, retryAfterSeconds = 1, causes: StatusCause[] = []): StatusError {
  const extra = { ...(causes.length > 0 && { causes }), ...retryDetails(retryAfterSeconds) };
  return new StatusError(429, 'TooManyRequests', why, extra);
}

export function newServiceUnavailable(why: string): StatusError {
  return new StatusError(503, 'ServiceUnavailable', why);
}

export function newInternalError(cause: unknown): StatusError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = `Internal error occurred: ${message}`;
  return new StatusError(500, 'InternalError', text, { causes: [{ message }] }, { cause });
}

/** A failure that upstream hands on as it is: a 500 without a reason. */
export function newUnclassifiedError(message: string): StatusError {
  return new StatusError(500, '', message);
}

/** The cause of that reason, if the error is a StatusError that carries one. */
export function statusCause(error: unknown, reason: string): StatusCause | undefined {
  return error instanceof StatusError ? error.details?.causes?.find((cause) => cause.reason === reason) : undefined;
}
