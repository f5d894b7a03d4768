import type { ReachabilityEnd, ReachabilityReviewSpec } from '@binnacle/apis-kubernetes/reachability/v1';
import { reachabilityKind } from '@binnacle/apis-kubernetes/reachability/v1';
import { newInvalid } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  isPortNumber,
  notSupported,
  parseIp,
  required,
} from '@binnacle/machinery-validation';

const SPEC = fieldPath('spec');
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const KINDS = ['pod', 'service', 'labels'] as const;
/** As many as anything may have; names and values are as long as they are. */
const MOST_LABELS = 256;

function checkNames({ namespace, labels }: ReachabilityEnd, said: readonly string[], path: FieldPath): FieldError[] {
  const errors = namespace ? [] : [required(path.child('namespace'))];
  if (said.length !== 1) errors.push(invalid(path, said.join(', '), `must name one of ${KINDS.join(', ')}, or an ip`));
  if (Object.keys(labels ?? {}).length > MOST_LABELS)
    errors.push(invalid(path.child('labels'), '', `must be no more than ${MOST_LABELS}`));
  return errors;
}

function checkAddress(
  ip: string,
  { namespace }: ReachabilityEnd,
  said: readonly string[],
  path: FieldPath,
): FieldError[] {
  if (namespace || said.length > 0) return [forbidden(path.child('ip'), 'may not be specified with another name')];
  return parseIp(ip) ? [] : [invalid(path.child('ip'), ip, 'must be a valid IP address')];
}

function checkEnd(end: ReachabilityEnd, path: FieldPath): FieldError[] {
  const said = KINDS.filter((kind) => end[kind] !== undefined && end[kind] !== '');
  return end.ip ? checkAddress(end.ip, end, said, path) : checkNames(end, said, path);
}

function checkSides({ from = {}, to = {} }: Partial<ReachabilityReviewSpec>): FieldError[] {
  const errors = [...checkEnd(from, SPEC.child('from')), ...checkEnd(to, SPEC.child('to'))];
  const dials = forbidden(SPEC.child('from').child('service'), 'a Service dials nobody');
  const accepts = forbidden(SPEC.child('to').child('labels'), 'name a Pod that is there: its ports may have names');
  return [...errors, ...(from.service ? [dials] : []), ...(to.labels ? [accepts] : [])];
}

/** Refuses a question that does not say who is to reach whom. */
export function checkReachability(spec: Partial<ReachabilityReviewSpec>): ReachabilityReviewSpec {
  const { port = 0, protocol = 'TCP' } = spec;
  const errors = [
    ...checkSides(spec),
    ...invalidEach(SPEC.child('port'), port, isPortNumber(port)),
    ...(PROTOCOLS.includes(protocol) ? [] : [notSupported(SPEC.child('protocol'), protocol, PROTOCOLS)]),
  ];
  const { group, kind } = reachabilityKind;
  if (errors.length > 0) throw newInvalid({ group, kind }, '', errors);
  return spec as ReachabilityReviewSpec;
}
