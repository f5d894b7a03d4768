import { expect, test } from 'vitest';
import type { Flow, FlowEnd } from './flow.js';
import type { PolicyIndex } from './policy-index.js';
import { address, egress, endOf, flow, indexOf, ingress, podNamed } from './testing/builders.js';
import { flowInWords, nameOfEnd, sideInWords, withheldInWords } from './words.js';

const web = endOf(podNamed('a/web'), '10.0.0.1');
const client = endOf(podNamed('b/client', { node: 'n2' }), '10.0.0.2');
const outside = address('192.0.2.9');
const index = indexOf(ingress('a/deny'), ingress('a/other'), egress('b/out', {}));

function inWords(policies: PolicyIndex, wanted: Flow) {
  const answer = policies.decide(wanted);
  const sides = {
    egress: sideInWords('egress', answer.egress, wanted),
    ingress: sideInWords('ingress', answer.ingress, wanted),
  };
  return { whole: flowInWords(answer, wanted, sides), ...sides };
}

const said = (from: FlowEnd, to: FlowEnd) => {
  const wanted = flow(from, to, 5432);
  return inWords(index, wanted);
};

test('what is forbidden says by whom', () => {
  expect(said(client, web)).toEqual({
    whole: 'b/client does not reach a/web at TCP 5432. No rule of deny, other lets a/web hear b/client at TCP 5432.',
    egress: 'The policy out lets b/client speak to a/web at TCP 5432 (spec.egress[0]).',
    ingress: 'No rule of deny, other lets a/web hear b/client at TCP 5432.',
  });
});

test('by both, where both are against it', () => {
  expect(inWords(indexOf(ingress('a/deny'), egress('b/deny')), flow(client, web)).whole).toBe(
    'b/client does not reach a/web at TCP 80. No rule of deny lets b/client speak to a/web at TCP 80. No rule of deny lets a/web hear b/client at TCP 80.',
  );
});

test('what is allowed says why', () => {
  expect(said(web, web)).toMatchObject({
    whole: 'a/web reaches a/web at TCP 5432.',
    ingress: 'a/web always reaches itself.',
  });
  expect(said(address('127.0.0.11', 'n1'), web).ingress).toBe('a/web and its own node always reach each other.');
  expect(said(web, outside).ingress).toBe('192.0.2.9 is no Pod: no policy decides what it may hear.');
  expect(said(web, outside).egress).toBe('No policy selects a/web for egress: it may speak to everybody.');
  const agent = endOf(podNamed('a/agent', { hostNetwork: true }), '127.0.0.11');
  expect(said(agent, client).egress).toBe("a/agent has its node's network: no policy selects it.");
});

test('a Pod that is thought of has no name', () => {
  expect(nameOfEnd(endOf(podNamed('a/'), ''))).toBe('a Pod like this in a');
});

test('of many policies some are named', () => {
  const many = Array.from({ length: 8 }, (_, n) => ingress(`a/p${n}`));
  expect(inWords(indexOf(...many), flow(client, web)).ingress).toBe(
    'No rule of p0, p1, p2, p3, p4 and 3 more lets a/web hear b/client at TCP 80.',
  );
});

test('who may not see policies is told no more than what comes of them', () => {
  const wanted = flow(client, web);
  expect(withheldInWords('ingress', false, wanted)).toBe(
    'a/web may not hear b/client at TCP 80. You may not see what says so.',
  );
  expect(withheldInWords('egress', true, wanted)).toBe(
    'b/client may speak to a/web at TCP 80. You may not see what says so.',
  );
});
