import { startProgram } from '@binnacle/process-program';
import { commandLine } from './command-line.js';
import { failureOf } from './terminal/failure.js';
import { sayPlainly } from './terminal/plain-errors.js';

const NAME = 'binnacle';

await startProgram({
  name: NAME,
  commands: async (ctx, argv) => {
    // What the terminal shows of Ctrl-C stands on a line of its own.
    ctx.signal.addEventListener('abort', () => process.stdout.write('\n'), { once: true });
    await sayPlainly(commandLine(ctx)).parseAsync(argv, { from: 'user' });
  },
  failureOf: (error) => {
    const { words, exitCode } = failureOf(error);
    return { words: `${NAME}: ${words}`, exitCode };
  },
});
