import { expect, test } from 'vitest';
import { readLabels, readQuestion, specOf } from './question.js';

const asked = (search: string) => {
  const params = new URLSearchParams(search);
  return readQuestion((name) => params.get(name) ?? '');
};

test('an address of the page is a question', () => {
  const shop = 'from=web-0&fromIn=shop&toKind=service&toIn=data&to=db&port=5432';
  expect(specOf(asked(shop), undefined)).toEqual({
    from: { namespace: 'shop', pod: 'web-0' },
    to: { namespace: 'data', service: 'db' },
    port: 5432,
    protocol: 'TCP',
  });
  expect(specOf(asked('fromKind=ip&from=192.0.2.7&toKind=ip&to=10.0.0.1&protocol=UDP'), 53)).toEqual({
    from: { ip: '192.0.2.7' },
    to: { ip: '10.0.0.1' },
    port: 53,
    protocol: 'UDP',
  });
});

test('Pods that are thought of may have no labels', () => {
  const { from } = specOf(asked('fromKind=labels&to=db&ns=data'), 80) ?? {};
  expect(from).toEqual({ namespace: 'data', labels: {} });
});

test.each([['from=a'], ['to=b'], [''], ['fromKind=ip&from=&to=b'], ['from=a&to=b&port=0']])(
  '%s is no question yet',
  (search) => expect(specOf(asked(search), 80)).toBeUndefined(),
);

test('what is not known is what comes first', () => {
  expect(asked('fromKind=service&toKind=labels&protocol=ICMP')).toMatchObject({
    from: { kind: 'pod', namespace: 'default' },
    to: { kind: 'pod' },
    protocol: 'TCP',
  });
});

test.each([
  ['app=web', { app: 'web' }],
  [' app = web , tier ', { app: 'web', tier: '' }],
  ['a=b=c,,', { a: 'b=c' }],
  ['', {}],
])('%j are labels', (text, labels) => expect(readLabels(text)).toEqual(labels));
