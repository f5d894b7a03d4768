// Runs one benchmark: `npm run bench -- store --seconds 60`. Each is a folder of bench/ whose main.mjs exports
// `run(options)`; what it returns is written to bench/results/<name>.json, unless it says `record: false`.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'bench');
const [name, ...rest] = process.argv.slice(2);
const main = name && join(root, name, 'main.mjs');

if (!main || !existsSync(main)) {
  const names = readdirSync(root).filter((entry) => existsSync(join(root, entry, 'main.mjs')));
  console.error(`usage: npm run bench -- <${names.join('|')}> [--option value]...`);
  process.exit(2);
}

/** `--only writes --seconds 60` is `{ only: 'writes', seconds: '60' }`. */
function optionsOf(args) {
  const options = {};
  for (let at = 0; at < args.length; at += 1) {
    const option = /^--([a-z-]+)(?:=(.*))?$/.exec(args[at]);
    if (!option) throw new Error(`unexpected argument ${args[at]}`);
    const next = args[at + 1];
    if (option[2] !== undefined) options[option[1]] = option[2];
    else if (next === undefined || next.startsWith('--')) options[option[1]] = 'true';
    else options[option[1]] = args[(at += 1)];
  }
  return options;
}

const { run } = await import(pathToFileURL(main).href);
const result = await run(optionsOf(rest));
if (result && result.record !== false) {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memory: totalmem(), node: process.version };
  mkdirSync(join(root, 'results'), { recursive: true });
  const file = join(root, 'results', `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ name, at: new Date().toISOString(), machine, ...result }, null, 2)}\n`);
}
process.exit(result?.failed ? 1 : 0);
