import type { Direction, Flow, FlowAnswer, FlowEnd, SideAnswer } from './flow.js';

/** Somebody at one end, as one speaks of them. */
export function nameOfEnd({ ip, pod }: FlowEnd): string {
  if (!pod) return ip;
  return pod.name ? `${pod.namespace}/${pod.name}` : `a Pod like this in ${pod.namespace}`;
}

const portOf = ({ port, protocol }: Flow): string => `${protocol} ${port}`;

const VERB: Readonly<Record<Direction, string>> = { egress: 'speak to', ingress: 'hear' };

const names = (policies: SideAnswer['policies']): string => policies.map(({ name }) => name).join(', ');

/** What one end says to a connection, in a sentence. */
export function sideInWords(direction: Direction, answer: SideAnswer, flow: Flow): string {
  const [own, peer] = direction === 'egress' ? [flow.from, flow.to] : [flow.to, flow.from];
  const [self, other] = [nameOfEnd(own), nameOfEnd(peer)];
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

/** Whether a connection may be made, and else which side is against it. */
export function flowInWords({ allowed, egress, ingress }: FlowAnswer, flow: Flow): string {
  const [from, to] = [nameOfEnd(flow.from), nameOfEnd(flow.to)];
  if (allowed) return `${from} reaches ${to} at ${portOf(flow)}.`;
  const sides = { egress, ingress };
  const against = (['egress', 'ingress'] as const).filter((side) => !sides[side].allowed);
  const why = against.map((side) => sideInWords(side, sides[side], flow));
  return `${from} does not reach ${to} at ${portOf(flow)}. ${why.join(' ')}`;
}
