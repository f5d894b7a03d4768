import type { Context } from '@binnacle/machinery-context';
import { type ApiAnswer, type ApiRequest, jsonAnswer, textAnswer } from '../request/api-request.js';
import { healthReport, type ReadinessChecks, singleCheck } from './health-report.js';

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

/** As Go, and with it every client, calls what Node.js calls otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
const SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows' };

/** What a machine is called in `/version`: `linux/amd64`. */
export const platformOf = (system: string, architecture: string): string =>
  `${SYSTEMS[system] ?? system}/${ARCHITECTURES[architecture] ?? architecture}`;

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

const VERSION_PATHS: readonly string[] = ['/version', '/version/'];

/** Serves what is not about resources: version, health, metrics. */
export class SystemHandler {
  constructor(
    private readonly ctx: Context,
    private readonly build: BuildInfo,
    private readonly checks: { readonly live: ReadinessChecks; readonly ready: ReadinessChecks },
    private readonly metrics?: () => Promise<string>,
  ) {}

  async handle({ info, query }: ApiRequest): Promise<ApiAnswer | undefined> {
    const [, root = '', single = ''] = info.path.split('/');
    if (VERSION_PATHS.includes(info.path)) return jsonAnswer(versionInfo(this.build));
    if (info.path === '/metrics' && this.metrics) return textAnswer(await this.metrics());
    if (!['readyz', 'livez', 'healthz'].includes(root)) return undefined;
    const checks = root === 'readyz' ? this.checks.ready : this.checks.live;
    if (single === '') return healthReport(this.ctx, root, checks, query);
    const check = Object.hasOwn(checks, single) ? checks[single] : undefined;
    return check && singleCheck(this.ctx, single, check);
  }
}
