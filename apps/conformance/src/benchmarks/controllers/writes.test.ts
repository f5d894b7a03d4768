import { expect, it } from 'vitest';
import { writesOf } from './writes.js';

it('counts what changes something, whoever asked for it', () => {
  const line = (verb: string, resource: string, count: number) =>
    `apiserver_request_total{verb="${verb}",group="",version="v1",resource="${resource}",code="200"} ${count}`;
  const metrics = [
    '# TYPE apiserver_request_total counter',
    line('create', 'pods', 3),
    line('patch', 'pods', 4),
    line('delete', 'pods', 5),
    line('list', 'pods', 100),
    line('WATCH', 'pods', 100),
    line('update', 'leases', 100),
    line('create', 'events', 100),
    'apiserver_request_duration_seconds_count{verb="create",resource="pods"} 100',
  ].join('\n');
  expect(writesOf(metrics)).toBe(12);
});
