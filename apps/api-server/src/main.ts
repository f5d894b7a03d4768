import { readFileSync } from 'node:fs';
import { readOptions } from '@binnacle/process-config';
import { runProgram } from '@binnacle/process-lifecycle';
import { createLogger } from '@binnacle/process-telemetry';
import { options } from './options.js';
import { serve } from './serve.js';

const logger = createLogger('kube-apiserver');

await runProgram(logger, async (ctx) => {
  const settings = readOptions(options, process.argv.slice(2), process.env);
  await serve(ctx, settings, (path) => readFileSync(path, 'utf8'));
});
