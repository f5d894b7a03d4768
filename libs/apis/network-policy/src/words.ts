import type { Direction, Flow, FlowAnswer, FlowEnd, SideAnswer } from './flow.js';

/** Somebody at one end, as one speaks of them. */
export function nameOfEnd({ ip, pod }: FlowEnd): string {
  if (!pod) return ip;
  return pod.name ? `${pod.namespace}/${pod.name}` : `a Pod like this in ${pod.namespace}`;
}

const portOf = ({ port, protocol }: Flow): string => `${protocol} ${port}`;

/** What each end says to a connection, in a sentence. */
export type SidesInWords = Readonly<Record<Direction, string>>;

const VERB: Readonly<Record<Direction, string>> = { egress: 'speak to', ingress: 'hear' };

/** As many as one reads. */
const MOST_NAMES = 5;

function names(policies: SideAnswer['policies']): string {
  const some = policies.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = policies.length - some.length;
  return some.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The end that a direction is of, and the one beyond it, as one speaks of them. */
function bothEnds(direction: Direction, { from, to }: Flow): readonly [self: string, other: string] {
  const [own, peer] = direction === 'egress' ? [from, to] : [to, from];
  return [nameOfEnd(own), nameOfEnd(peer)];
}

/** What one end says to a connection, in a sentence. */
export function sideInWords(direction: Direction, answer: SideAnswer, flow: Flow): string {
  const [self, other] = bothEnds(direction, flow);
  const what = VERB[direction];
  const { policies, rule } = answer;
  switch (answer.because) {
    case 'outside':
      return `${self} is no Pod: no policy decides what it may ${what}.`;
    case 'hostNetwork':
      return `${self} has its node's network: no policy selects it.`;
    case 'itself':
      return `${self} always reaches itself.`;
    case 'ownNode':
      return `${self} and its own node always reach each other.`;
    case 'notIsolated':
      return `No policy selects ${self} for ${direction}: it may ${what} everybody.`;
    case 'rule':
      return `The policy ${rule?.policy.name} lets ${self} ${what} ${other} at ${portOf(flow)} (spec.${direction}[${rule?.index}]).`;
    default:
      return `No rule of ${names(policies)} lets ${self} ${what} ${other} at ${portOf(flow)}.`;
  }
}

/** The same to somebody who may not know by which policies. */
export function withheldInWords(direction: Direction, allowed: boolean, flow: Flow): string {
  const [self, other] = bothEnds(direction, flow);
  const may = allowed ? 'may' : 'may not';
  return `${self} ${may} ${VERB[direction]} ${other} at ${portOf(flow)}. You may not see what says so.`;
}

/** Whether a connection may be made, and else what the sides that are against it say. */
export function flowInWords({ allowed, egress, ingress }: FlowAnswer, flow: Flow, said: SidesInWords): string {
  const [from, to] = [nameOfEnd(flow.from), nameOfEnd(flow.to)];
  if (allowed) return `${from} reaches ${to} at ${portOf(flow)}.`;
  const against = [...(egress.allowed ? [] : [said.egress]), ...(ingress.allowed ? [] : [said.ingress])];
  return `${from} does not reach ${to} at ${portOf(flow)}. ${against.join(' ')}`;
}
