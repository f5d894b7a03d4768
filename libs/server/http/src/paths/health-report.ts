import { type Context, sleep } from '@binnacle/machinery-context';
import { type BytesAnswer, textAnswer } from '../request/api-request.js';

/** Named checks, as `/livez` and `/readyz` report them: each rejects while it fails. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

/** A failure that says why to whoever asks; all others are only named. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** Less than probes wait for the answer, in milliseconds. */
const DEADLINE = 4_500;

interface Result {
  readonly name: string;
  readonly failure?: Error;
  readonly excluded?: boolean;
}

/** Runs a check that may hang. */
async function inTime(ctx: Context, check: () => Promise<void>): Promise<void> {
  const late = new AbortController();
  const signal = AbortSignal.any([ctx.signal, late.signal]);
  const timeout = sleep({ ...ctx, signal }, DEADLINE).then(() => {
    throw new CheckFailure(`no answer within ${DEADLINE / 1000} s`);
  });
  try {
    await Promise.race([check(), timeout]);
  } finally {
    timeout.catch(() => undefined);
    late.abort();
  }
}

async function resultOf(ctx: Context, name: string, check: () => Promise<void>): Promise<Result> {
  try {
    await inTime(ctx, check);
    return { name };
  } catch (error) {
    ctx.logger.warn('a health check failed', { check: name, error: String(error) });
    return { name, failure: error as Error };
  }
}

const reasonOf = (failure: Error) => (failure instanceof CheckFailure ? failure.message : 'reason withheld');

function line({ name, failure, excluded }: Result): string {
  if (excluded) return `[+]${name} excluded: ok\n`;
  return failure ? `[-]${name} failed: ${reasonOf(failure)}\n` : `[+]${name} ok\n`;
}

/** Behaves as apiserver pkg/server/healthz handleRootHealth, but that failures somebody has to mend say why. */
export async function healthReport(
  ctx: Context,
  name: string,
  checks: ReadinessChecks,
  query: URLSearchParams,
): Promise<BytesAnswer> {
  const left = new Set(query.getAll('exclude'));
  const results = await Promise.all(
    Object.entries(checks).map(
      async ([check, run]): Promise<Result> =>
        left.delete(check) ? { name: check, excluded: true } : resultOf(ctx, check, run),
    ),
  );
  const unknown = [...left].map((each) => JSON.stringify(each)).sort();
  const warning =
    unknown.length > 0 ? `warn: some health checks cannot be excluded: no matches for ${unknown.join(',')}\n` : '';
  const text = results.map(line).join('') + warning;
  if (results.some(({ failure }) => failure)) return textAnswer(`${text}${name} check failed\n`, 500);
  return textAnswer(query.has('verbose') ? `${text}${name} check passed\n` : 'ok');
}

/** One check alone. Behaves as apiserver pkg/server/healthz adaptCheckToHandler. */
export async function singleCheck(ctx: Context, name: string, check: () => Promise<void>): Promise<BytesAnswer> {
  const { failure } = await resultOf(ctx, name, check);
  return failure ? textAnswer(`internal server error: ${reasonOf(failure)}\n`, 500) : textAnswer('ok');
}
