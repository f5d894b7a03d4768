import { type Status, StatusError, type StatusReason } from '@binnacle/machinery-meta';
import type { TransportAnswer } from './transport.js';

const REASONS: Readonly<Record<number, StatusReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function parseStatus(text: string): Status | undefined {
  try {
    const body = JSON.parse(text) as Status;
    return body.kind === 'Status' ? body : undefined;
  } catch {
    return undefined;
  }
}

/** The failure an answer carries: the server's own Status, or one made from the code when something else answered. */
export async function errorFrom(answer: TransportAnswer): Promise<StatusError> {
  const text = await answer.text();
  const status = parseStatus(text);
  if (status) return StatusError.fromStatus({ ...status, code: status.code ?? answer.status });
  const message = text.slice(0, 200).trim() || `the server answered ${answer.status}`;
  return new StatusError(answer.status, REASONS[answer.status] ?? 'InternalError', message);
}
