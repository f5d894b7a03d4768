// Lists the folders of Kubernetes' own kinds: every `definition.ts` below libs/apis/kubernetes/src. A test compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = 'libs/apis/kubernetes/src';
const LIST = `${SOURCE}/kinds/definitions.generated.ts`;
const HEAD = '// Made by tools/generate-kinds.mjs: every folder of a kind. Do not edit.\n';

const folders = (dir) =>
  readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(dir, entry.name))
    .sort();

/** The list as the folders below `root` say it. */
export function listOfKinds(root) {
  const source = join(root, SOURCE);
  const kinds = folders(source)
    .flatMap(folders)
    .flatMap(folders)
    .map((folder) => join(folder, 'definition.ts'))
    .filter(existsSync);
  const lines = kinds.map((file) => {
    const name = /^export const (\w+)/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (!name) throw new Error(`${file} exports no definition`);
    const path = file.slice(source.length + 1).replace(/\.ts$/, '.js');
    return `export { ${name} } from '../${path}';\n`;
  });
  return HEAD + lines.join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, '..');
  writeFileSync(join(root, LIST), listOfKinds(root));
}
