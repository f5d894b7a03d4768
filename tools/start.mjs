// `npm start`: installs and builds if needed, then becomes `binnacle up`. Flags after `--` go to it.
import { join } from 'node:path';
import { build, install, requireNode, root } from './setup.mjs';

const asksForHelp = process.argv.includes('--help') || process.argv.includes('-h');
requireNode();
if (!asksForHelp) process.stdout.write('Binnacle\n');
install();
build();
process.argv.splice(1, 1, join(root, 'apps', 'cli', 'dist', 'main.js'), 'up');
await import(join(root, 'apps', 'cli', 'dist', 'main.js'));
