import type { FuzzRequest } from '@binnacle/testing-fuzz';
import { expect, it } from 'vitest';
import { Asked } from './replay.js';

const json = (value: unknown, status = 200) => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify(value),
});
const get = (path: string): FuzzRequest => ({ method: 'GET', path, headers: {} });

function asked(...answers: ReturnType<typeof json>[]) {
  const sent: FuzzRequest[] = [];
  const server = new Asked(async (request) => {
    sent.push(request);
    const next = answers.shift();
    if (!next) throw new Error('gone');
    return next;
  });
  return { server, sent };
}

it('fills places with what the server told of its last object', async () => {
  const pod = { kind: 'Pod', metadata: { uid: 'u1', resourceVersion: '5' } };
  const { server, sent } = asked(json(pod), json({}));
  await server.ask(get('/a'));
  const body = Buffer.from('{"uid":"{{metadata.uid}}","kind":"{{kind}}","none":"{{spec.none}}"}');
  await server.ask({ ...get('/b?v={{metadata.resourceVersion}}'), body });
  expect(sent[1]?.path).toBe('/b?v=5');
  expect(sent[1]?.body?.toString()).toBe('{"uid":"u1","kind":"Pod","none":""}');
});

it('forgets it neither for a refusal nor for a Status', async () => {
  const pod = { kind: 'Pod', metadata: { uid: 'u1' } };
  const { server, sent } = asked(
    json(pod),
    json({ kind: 'Status', metadata: {} }),
    json({ metadata: {} }, 409),
    json({}),
  );
  for (const path of ['/a', '/b', '/c', '/{{metadata.uid}}']) await server.ask(get(path));
  expect(sent[3]?.path).toBe('/u1');
});

it('tells that there was no answer', async () => {
  const { server } = asked();
  expect(await server.ask(get('/'))).toEqual({ failure: 'gone' });
});
