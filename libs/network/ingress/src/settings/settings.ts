import type { BackendProtocol } from '../upstream/backend.js';
import { DEFAULT_POLICY, type RoutePolicy, type Timeouts } from '../table/policy.js';
import type { Redirect } from '../table/route.js';
import { readAffinity } from './affinity.js';
import { Annotations } from './annotations.js';
import { type CanarySettings, readCanary } from './canary.js';
import { readCors } from './cors.js';

/** What the annotations of one Ingress ask for. */
export interface IngressSettings {
  readonly policy: RoutePolicy;
  readonly protocol: BackendProtocol;
  readonly usesRegex: boolean;
  /** What a path becomes, with `$1` for what a group caught. */
  readonly rewriteTarget?: string;
  readonly redirect?: Redirect;
  readonly canary?: CanarySettings;
  readonly httpsRedirect: 'where there is a certificate' | 'always' | 'never';
  /** Further hosts of its rules. */
  readonly aliases: readonly string[];
  /** Why nothing of it is served: something that keeps people out cannot be done. */
  readonly closed?: string;
}

const PROTOCOLS: readonly BackendProtocol[] = ['HTTP', 'HTTPS', 'GRPC', 'GRPCS'];
const REWRITE = /^\/?[\x21-\x7e\x80-\uffff]*$/;
const URL_TEXT = /^(?:https?:\/\/[^\s/?#]+)?(?:[/?#][\x21-\x7e]*)?$/;
const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const HEADER_VALUE = /^[\x20-\x7e]{1,512}$/;
/** What keeps people out, and is not known here: without it an Ingress would be open. */
const GUARDS = /^(?:auth-|enable-global-auth|enable-modsecurity|modsecurity-|satisfy$)/;

function timeouts(annotations: Annotations): Timeouts {
  const { connect, read, send, ...others } = DEFAULT_POLICY.timeouts;
  return {
    ...others,
    connect: annotations.duration('proxy-connect-timeout') ?? connect,
    read: annotations.duration('proxy-read-timeout') ?? read,
    send: annotations.duration('proxy-send-timeout') ?? send,
  };
}

function redirectOf(annotations: Annotations): Redirect | undefined {
  const lasting = annotations.fitting('permanent-redirect', URL_TEXT, 'is no URL');
  const passing = annotations.fitting('temporal-redirect', URL_TEXT, 'is no URL');
  const lastingCode = annotations.whole('permanent-redirect-code', 300, 308) ?? 301;
  const passingCode = annotations.whole('temporal-redirect-code', 300, 308) ?? 302;
  if (passing !== undefined) return { kind: 'redirect', status: passingCode, location: passing };
  return lasting === undefined ? undefined : { kind: 'redirect', status: lastingCode, location: lasting };
}

function httpsRedirect(annotations: Annotations): IngressSettings['httpsRedirect'] {
  const forced = annotations.flag('force-ssl-redirect', false);
  const usual = annotations.flag('ssl-redirect', true);
  return forced ? 'always' : usual ? 'where there is a certificate' : 'never';
}

function sources(annotations: Annotations): Pick<RoutePolicy, 'sources' | 'deniedSources'> & { broken: boolean } {
  const allowed = annotations.ranges('whitelist-source-range', 'allowlist-source-range');
  const denied = annotations.ranges('denylist-source-range');
  return {
    broken: allowed === 'broken' || denied === 'broken',
    ...(allowed !== undefined && allowed !== 'broken' && { sources: allowed }),
    ...(denied !== undefined && denied !== 'broken' && { deniedSources: denied }),
  };
}

function policyOf(annotations: Annotations): RoutePolicy {
  const cors = readCors(annotations);
  const affinity = readAffinity(annotations);
  const appRoot = annotations.fitting('app-root', /^\/[\x21-\x7e]*$/, 'is no path');
  const upstreamHost = annotations.fitting('upstream-vhost', /^[A-Za-z0-9.:_-]{1,253}$/, 'is no host');
  const prefix = annotations.fitting('x-forwarded-prefix', HEADER_VALUE, 'is no value of a header');
  return {
    bodyLimit: annotations.size('proxy-body-size') ?? DEFAULT_POLICY.bodyLimit,
    timeouts: timeouts(annotations),
    tries: annotations.whole('proxy-next-upstream-tries', 0, 100) || DEFAULT_POLICY.tries,
    ...(cors && { cors }),
    ...(affinity && { affinity }),
    ...(appRoot !== undefined && { appRoot }),
    ...(upstreamHost !== undefined && { upstreamHost }),
    ...(prefix !== undefined && { requestHeaders: [{ set: [['x-forwarded-prefix', prefix]], add: [], remove: [] }] }),
  };
}

/** Names what nobody has read: what would keep people out closes the Ingress, the rest is told. */
function closedBy(annotations: Annotations, brokenRanges: boolean): string | undefined {
  const guards = annotations.left.filter((name) => GUARDS.test(name));
  for (const name of annotations.left) annotations.problem(name, 'is not known here');
  if (guards.length > 0) return `the annotation ${guards[0]}, which guards this page, is not known here`;
  return brokenRanges ? 'the range of addresses that may ask cannot be read' : undefined;
}

const listOf = (text: string | undefined): string[] => (text ?? '').split(',').map((one) => one.trim().toLowerCase());

/** Reads the annotations of an Ingress, and says what of them cannot be done. */
export function readSettings(written: Readonly<Record<string, string>> | undefined): {
  readonly settings: IngressSettings;
  readonly problems: readonly string[];
} {
  const annotations = new Annotations(written);
  const { broken, ...ranges } = sources(annotations);
  const redirect = redirectOf(annotations);
  const canary = readCanary(annotations);
  const rewriteTarget = annotations.fitting('rewrite-target', REWRITE, 'is no path');
  const read = {
    policy: { ...policyOf(annotations), ...ranges },
    protocol: annotations.oneOf('backend-protocol', PROTOCOLS) ?? 'HTTP',
    usesRegex: annotations.flag('use-regex', false),
    ...(rewriteTarget !== undefined && { rewriteTarget }),
    ...(redirect && { redirect }),
    ...(canary && { canary }),
    httpsRedirect: httpsRedirect(annotations),
    aliases: listOf(annotations.text('server-alias')).filter((host) => HOST.test(host)),
  };
  const closed = closedBy(annotations, broken);
  return { settings: { ...read, ...(closed !== undefined && { closed }) }, problems: annotations.problems };
}
