import type { RequestTrialStatus, TrialPeer } from '@binnacle/apis-kubernetes/trial/v1';
import { amountOf, fieldsOf, textOf } from '../kubelet/unbelieved.js';

const LONGEST_NAME = 253;
/** As much as a proxy keeps of an answer, in characters. */
const LONGEST_TEXT = 2048;
const FAILURES = ['NoAddress', 'Refused', 'NoEndpoint', 'NoAnswer', 'Closed', 'NotHttp'];

function peerOf(value: unknown): TrialPeer | undefined {
  const { address, port, node } = fieldsOf(value);
  const [name, nodeName] = [textOf(address, LONGEST_NAME), textOf(node, LONGEST_NAME)];
  return name ? { address: name, port: amountOf(port), ...(nodeName && { nodeName }) } : undefined;
}

const timeOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(amountOf(value)) : undefined;

function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** What a proxy says of a trial, of which nothing is believed to be of any size or kind. */
export function readTrial(value: unknown): RequestTrialStatus {
  const told = fieldsOf(value);
  const { status, text, truncated } = fieldsOf(told.answer);
  const failure = textOf(told.failure, LONGEST_NAME);
  const answer = told.answer
    ? { code: amountOf(status), text: textOf(text, LONGEST_TEXT), truncated: truncated === true }
    : {};
  return present({
    asked: peerOf(told.asked),
    connectedMilliseconds: timeOf(told.connected),
    endpoint: peerOf(told.endpoint),
    reachedMilliseconds: timeOf(told.reached),
    answeredMilliseconds: timeOf(told.answered),
    ...answer,
    failure: FAILURES.includes(failure) ? failure : undefined,
  });
}
