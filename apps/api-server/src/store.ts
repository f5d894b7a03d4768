import { readOptions } from '@binnacle/process-config';
import { runProgram } from '@binnacle/process-lifecycle';
import { createLogger } from '@binnacle/process-telemetry';
import { operate, storeOptions } from './store-operations.js';

// What is done with the store as a whole, by `binnacle backup`, `restore` and `doctor`: the only other program that opens
// a database connection, because it comes and goes with its work.
const [, , operation = '', ...flags] = process.argv;

await runProgram(createLogger('store'), async (ctx) => {
  const well = await operate(ctx, operation, readOptions(storeOptions, flags, process.env));
  if (!well) process.exitCode = 1;
});
