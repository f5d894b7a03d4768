import { execFileSync } from 'node:child_process';
import { chmod, chown, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { distrust, isManifestName, readManifestFile } from './manifest-file.js';

let root = '';
let directory = '';
const at = (name: string) => join(directory, name);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-manifest-'));
  directory = join(root, 'manifests');
  await mkdir(directory, { mode: 0o700 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a plain file of ours is read', async () => {
  await writeFile(at('web.yaml'), 'kind: Pod', { mode: 0o644 });
  expect(await readManifestFile(directory, 'web.yaml')).toBe('kind: Pod');
});

test.each<[string, () => Promise<string>, string]>([
  [
    'a link',
    async () => {
      await writeFile(join(root, 'elsewhere.yaml'), 'x');
      await symlink(join(root, 'elsewhere.yaml'), at('web.yaml'));
      return 'web.yaml';
    },
    'it is a link',
  ],
  [
    'a path that leads elsewhere',
    async () => {
      await writeFile(join(root, 'elsewhere.yaml'), 'x');
      return '../elsewhere.yaml';
    },
    'no name of a manifest',
  ],
  [
    'a file everybody may write',
    async () => {
      await writeFile(at('web.yaml'), 'x');
      await chmod(at('web.yaml'), 0o646);
      return 'web.yaml';
    },
    'everybody may write it (chmod o-w)',
  ],
  [
    'a directory',
    async () => {
      await mkdir(at('web.yaml'));
      return 'web.yaml';
    },
    'no regular file',
  ],
  [
    'a pipe, which nobody waits for',
    async () => {
      execFileSync('mkfifo', [at('web.yaml')]);
      return 'web.yaml';
    },
    'no regular file',
  ],
  [
    'megabytes',
    async () => {
      await writeFile(at('web.yaml'), Buffer.alloc(2 ** 20 + 1));
      return 'web.yaml';
    },
    'longer than',
  ],
  [
    'anything in a directory everybody may write',
    async () => {
      await writeFile(at('web.yaml'), 'x');
      await chmod(directory, 0o777);
      return 'web.yaml';
    },
    'the manifest directory',
  ],
])('%s is refused', async (_, prepare, why) => {
  const name = await prepare();
  await expect(readManifestFile(directory, name)).rejects.toThrow(why);
});

test('a directory that is a link is refused', async () => {
  await writeFile(at('web.yaml'), 'x');
  await symlink(directory, join(root, 'other'));
  await expect(readManifestFile(join(root, 'other'), 'web.yaml')).rejects.toThrow('a link is not followed');
});

test('a file of another account is refused, by whichever name', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip();
  await writeFile(join(root, 'theirs.yaml'), 'x');
  await chown(join(root, 'theirs.yaml'), 65534, 65534);
  await link(join(root, 'theirs.yaml'), at('web.yaml'));
  await expect(readManifestFile(directory, 'web.yaml')).rejects.toThrow('it belongs to user 65534');
});

const us = { uid: 1000, gid: 1000 };
test.each([
  [{ uid: 1000, gid: 1000, mode: 0o664 }, undefined],
  [{ uid: 0, gid: 0, mode: 0o644 }, undefined],
  [{ uid: 0, gid: 4, mode: 0o664 }, 'group 4 may write it (chmod g-w)'],
  [{ uid: 1000, gid: 1000, mode: 0o666 }, 'everybody may write it (chmod o-w)'],
  [{ uid: 1001, gid: 1000, mode: 0o600 }, "it belongs to user 1001; only root's and our own may be used (chown it)"],
])('%j', (owner, why) => {
  expect(distrust(owner, us)).toBe(why);
});

test('names', () => {
  expect(['a.yaml', 'a.yml', 'a.json'].every(isManifestName)).toBe(true);
  expect(['.a.yaml', 'a.yaml~', '../a.yaml', 'b/a.yaml', '/a.yaml', 'a.txt'].some(isManifestName)).toBe(false);
});
