import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import type { LimitResponse, QueuingConfiguration } from '../index.js';

const MOST_QUEUES = 10_000_000;
/** What a hash of 64 bits can deal fairly. */
const MOST_BITS = 60;
const RESPONSES = ['Queue', 'Reject'];

/** How many bits of a hash it takes to deal a hand. Behaves as apiserver pkg/util/shufflesharding. */
function requiredBits(queues: number, handSize: number): number {
  return Math.ceil(Math.log2(queues) * handSize);
}

function queuesProblem(queues: number): string | undefined {
  if (queues <= 0) return 'must be positive';
  return queues > MOST_QUEUES ? `must not be greater than ${MOST_QUEUES}` : undefined;
}

function handProblem(queues: number, handSize: number): string | undefined {
  if (handSize <= 0) return 'must be positive';
  if (handSize > queues) return `should not be greater than queues (${queues})`;
  if (requiredBits(queues, handSize) <= MOST_BITS) return undefined;
  return `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MOST_BITS}`;
}

function validateQueuing(queuing: QueuingConfiguration, path: FieldPath): FieldError[] {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing;
  const length = queueLengthLimit <= 0 ? 'must be positive' : undefined;
  const found = [
    ['queueLengthLimit', queueLengthLimit, length],
    ['queues', queues, queuesProblem(queues)],
    ['handSize', handSize, handProblem(queues, handSize)],
  ] as const;
  return found.flatMap(([field, value, problem]) => (problem ? [invalid(path.child(field), value, problem)] : []));
}

export function validateLimitResponse({ type, queuing }: LimitResponse, path: FieldPath): FieldError[] {
  const at = path.child('queuing');
  if (type === 'Reject') {
    return queuing ? [forbidden(at, 'must be nil if limited.limitResponse.type is not Limited')] : [];
  }
  if (type === 'Queue') {
    const missing = [required(at, 'must not be empty if limited.limitResponse.type is Limited')];
    return queuing ? validateQueuing(queuing, at) : missing;
  }
  return [type ? notSupported(path.child('type'), type, RESPONSES) : required(path.child('type'))];
}
