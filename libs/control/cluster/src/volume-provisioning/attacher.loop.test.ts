import { refs } from '@binnacle/apis-kubernetes/refs';
import type { VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { attacherController } from './attacher.controller.js';

let bench: LoopBench;
let attachments: Objects<VolumeAttachment>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [attacherController(deps)]);
  attachments = bench.objects(refs.volumeattachments);
});

test('our own volumes are attached, and nobody else’s', async () => {
  for (const attacher of ['simulated.binnacle.dev', 'd.example']) {
    const spec = { attacher, nodeName: 'a', source: { persistentVolumeName: 'disk' } };
    await attachments.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name: attacher },
      spec,
    });
  }
  await bench.drain();
  const said = (await attachments.list()).map(({ spec, status }) => [spec.attacher, status?.attached ?? false]);
  expect(said).toEqual([
    ['d.example', false],
    ['simulated.binnacle.dev', true],
  ]);
  expect(await bench.drain()).toEqual([]);
});
