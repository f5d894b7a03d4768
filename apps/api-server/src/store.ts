import { startProgram } from '@binnacle/process-program';
import { operate, storeOptions } from './store-operations.js';

// What is done with the store as a whole, by `binnacle backup`, `restore` and `doctor`: the only other program that opens
// a database connection, because it comes and goes with its work.
const [, , operation = '', ...flags] = process.argv;

await startProgram(
  {
    name: 'store',
    options: storeOptions,
    run: async (ctx, settings) => {
      const well = await operate(ctx, operation, settings);
      if (!well) process.exitCode = 1;
    },
  },
  flags,
);
