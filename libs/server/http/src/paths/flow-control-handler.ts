import { dumpPriorityLevels, dumpQueues, type FlowControl } from '@binnacle/server-flow-control';
import type { PathHandler } from './api-handler.js';
import { type ApiAnswer, type ApiRequest, textAnswer } from '../request/api-request.js';

const DUMPS: Readonly<Record<string, (control: FlowControl) => string>> = {
  '/debug/api_priority_and_fairness/dump_priority_levels': dumpPriorityLevels,
  '/debug/api_priority_and_fairness/dump_queues': dumpQueues,
};

/** Shows operators what is served and what waits, by priority level and by queue. */
export class FlowControlHandler implements PathHandler {
  constructor(private readonly control: FlowControl) {}

  handle({ info: { path }, method }: ApiRequest): ApiAnswer | undefined {
    const dump = method === 'GET' && Object.hasOwn(DUMPS, path) ? DUMPS[path] : undefined;
    return dump && textAnswer(dump(this.control));
  }
}
