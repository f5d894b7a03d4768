import {
  ageColumn,
  ageOf,
  type Cell,
  column,
  nameColumn,
  nameOf,
  type TablePrinter,
  wide,
} from '@binnacle/apis-registry';
import type { Decision, DecisionStatus } from '../index.js';

const THOUSAND = 1_000;

/** `0.25ms`, `12ms`. */
function durationText({ durationMicroseconds: micros = 0 }: Partial<DecisionStatus>): string {
  const millis = micros / THOUSAND;
  return `${millis < 10 ? Number(millis.toFixed(2)) : Math.round(millis)}ms`;
}

/** The reason of the most nodes, or that of the Pod itself. */
function reasonOf({ rejections = [], message = '' }: Partial<DecisionStatus>): string {
  const [first] = rejections;
  return first ? `${first.nodes} ${first.reason}` : message;
}

const nodeOf = ({ nodeName, preemption }: Partial<DecisionStatus>): string => nodeName ?? preemption?.node ?? '';

/** Of an object that may say less than it should. */
function row({ spec, status = {} as DecisionStatus, ...object }: Decision, now: number): Cell[] {
  const { podName = '', attempt = 0, queuedBy = '', revision = 0 }: Partial<Decision['spec']> = spec ?? {};
  const { result, feasibleNodes = 0, nodes = 0 }: Partial<DecisionStatus> = status;
  const found = [podName, result ?? '', nodeOf(status), `${feasibleNodes}/${nodes}`, attempt];
  const wanted = [queuedBy, durationText(status), revision, reasonOf(status)];
  return [nameOf(object), ...found, ageOf(object, now), ...wanted];
}

export const printer: TablePrinter<Decision> = {
  columns: [
    nameColumn,
    column('Pod', 'The Pod a node was looked for.'),
    column('Result', 'Whether a node was found.'),
    column('Node', 'The node that was chosen, or on which room is made.'),
    column('Feasible', 'How many nodes could take the Pod, of how many.'),
    column('Attempt', 'Which try it was.', { type: 'integer' }),
    { ...ageColumn, description: 'Time since the decision.' },
    wide('Queued By', 'The event that let the Pod try.'),
    wide('Took', 'How long it took to decide.'),
    wide('Revision', 'The resourceVersion the scheduler saw.', { type: 'integer' }),
    wide('Reason', 'What most nodes had against the Pod.'),
  ],
  row,
};
