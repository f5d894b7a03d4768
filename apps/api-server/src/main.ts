import { readFileSync } from 'node:fs';
import { startProgram } from '@binnacle/process-program';
import { options, PROGRAM } from './options.js';
import { serve } from './serve.js';

await startProgram({
  name: PROGRAM,
  options,
  run: (ctx, settings) => serve(ctx, settings, (path) => readFileSync(path, 'utf8')),
});
