import { type ApiAnswer, type ApiRequest, jsonAnswer, textAnswer } from './api-request.js';

/** Named checks, as `/livez` and `/readyz` report them. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>;

export const KUBERNETES_VERSION = { major: '1', minor: '36', patch: '0' };

export interface BuildInfo {
  readonly product: string;
  readonly platform: string;
}

/** The version that clients are told, such as `v1.36.0+binnacle`. */
export function gitVersion(product: string): string {
  const { major, minor, patch } = KUBERNETES_VERSION;
  return `v${major}.${minor}.${patch}+${product}`;
}

function versionInfo({ product, platform }: BuildInfo): object {
  const { major, minor } = KUBERNETES_VERSION;
  return {
    major,
    minor,
    gitVersion: gitVersion(product),
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'tsc',
    platform,
  };
}

async function report(name: string, checks: ReadinessChecks, verbose: boolean): Promise<ApiAnswer> {
  const lines = await Promise.all(
    Object.entries(checks).map(async ([check, run]) => {
      const failure = await run().then(
        () => undefined,
        (error: Error) => error,
      );
      return { ok: !failure, text: failure ? `[-]${check} failed: ${failure.message}` : `[+]${check} ok` };
    }),
  );
  const failed = lines.some(({ ok }) => !ok);
  const verdict = `${name} check ${failed ? 'failed' : 'passed'}`;
  if (failed || verbose)
    return textAnswer([...lines.map(({ text }) => text), verdict, ''].join('\n'), failed ? 500 : 200);
  return textAnswer('ok');
}

/** Serves what is not about resources: version, health, metrics. */
export class SystemHandler {
  constructor(
    private readonly build: BuildInfo,
    private readonly checks: { readonly live: ReadinessChecks; readonly ready: ReadinessChecks },
    private readonly metrics?: () => Promise<string>,
  ) {}

  async handle({ info, query }: ApiRequest): Promise<ApiAnswer | undefined> {
    const verbose = query.has('verbose');
    const [, root = '', single] = info.path.split('/');
    if (info.path === '/version') return jsonAnswer(versionInfo(this.build));
    if (info.path === '/metrics' && this.metrics) return textAnswer(await this.metrics());
    if (root === 'readyz') return this.health(root, this.checks.ready, { single, verbose });
    if (root === 'livez' || root === 'healthz') return this.health(root, this.checks.live, { single, verbose });
    return undefined;
  }

  private async health(
    name: string,
    checks: ReadinessChecks,
    { single, verbose }: { single: string | undefined; verbose: boolean },
  ): Promise<ApiAnswer | undefined> {
    if (single === undefined || single === '') return report(name, checks, verbose);
    const check = checks[single];
    return check && report(name, { [single]: check }, false);
  }
}
