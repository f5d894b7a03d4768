import type { HTTPIngressPath, Ingress, IngressBackend, IngressTLS } from '@binnacle/apis-kubernetes/networking/v1';
import { type IngressSettings, readSettings } from '../settings/settings.js';
import { linearRegex } from '../table/linear-regex.js';
import { bytesOf } from '../table/request-target.js';
import type { PathMatch, RouteOrigin } from '../table/route.js';

/** One path of one host of an Ingress. */
export interface ReadPath {
  /** Empty for all hosts. */
  readonly host: string;
  readonly match: PathMatch;
  readonly origin: RouteOrigin;
  readonly backend: IngressBackend;
}

/** An Ingress as far as it can be understood by itself. */
export interface ReadIngress {
  readonly namespace: string;
  readonly name: string;
  readonly settings: IngressSettings;
  readonly paths: readonly ReadPath[];
  /** Hosts that it has rules for, whether or not they have paths. */
  readonly hosts: readonly string[];
  readonly defaultBackend?: IngressBackend;
  readonly tls: readonly IngressTLS[];
  /** What of it cannot be done, in words. */
  readonly problems: readonly string[];
}

/** Of one Ingress, under all of its names; what is more is neither read nor served. */
export const MOST_PATHS = 1_000;

const known = new WeakMap<Ingress, ReadIngress>();

const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);

/**
 * How a path is meant. Where a target has groups or patterns are asked for, all but exact paths are patterns from the beginning of
 * the path, in any case, as ingress-nginx has it.
 */
function matchOf({ path = '/', pathType }: HTTPIngressPath, { usesRegex, rewriteTarget }: IngressSettings): PathMatch {
  const text = bytesOf(path || '/');
  if (pathType === 'Exact') return { kind: 'exact', path: text };
  if (!usesRegex && rewriteTarget === undefined) return { kind: 'prefix', path: withoutSlash(text) };
  return { kind: 'regex', path: text, regex: linearRegex(`^${text}`, { ignoreCase: true }) };
}

/** Reads the rules of an Ingress, collecting what is wrong with them. */
class RuleReader {
  readonly paths: ReadPath[] = [];
  readonly problems: string[] = [];

  constructor(
    private readonly ingress: Ingress,
    private readonly settings: IngressSettings,
  ) {}

  read(): this {
    let tried = 0;
    for (const [host, path] of this.asked()) {
      if (tried === MOST_PATHS) {
        this.problems.push(`only the first ${MOST_PATHS} paths are served`);
        break;
      }
      tried += 1;
      this.add(host, path);
    }
    return this;
  }

  /** One by one: names times paths may be millions in an Ingress of a megabyte. */
  private *asked(): Generator<[host: string, path: HTTPIngressPath]> {
    for (const { host = '', http } of this.ingress.spec?.rules ?? []) {
      for (const one of [host, ...this.settings.aliases]) for (const path of http?.paths ?? []) yield [one, path];
    }
  }

  private add(host: string, path: HTTPIngressPath): void {
    const { namespace = '', name = '' } = this.ingress.metadata;
    const origin: RouteOrigin = { kind: 'Ingress', namespace, name, host, path: path.path ?? '/' };
    try {
      this.paths.push({ host, match: matchOf(path, this.settings), origin, backend: path.backend ?? {} });
    } catch (error) {
      this.problems.push(`the path ${path.path} cannot be used as a pattern: ${(error as Error).message}`);
    }
  }
}

function readNew(ingress: Ingress): ReadIngress {
  const { metadata, spec } = ingress;
  const { settings, problems } = readSettings(metadata.annotations);
  const rules = new RuleReader(ingress, settings).read();
  const hosts = (spec?.rules ?? []).map(({ host = '' }) => host);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    settings,
    paths: rules.paths,
    hosts: [...new Set(hosts.length > 0 ? [...hosts, ...settings.aliases] : [])],
    ...(spec?.defaultBackend && { defaultBackend: spec.defaultBackend }),
    tls: spec?.tls ?? [],
    problems: [...problems, ...rules.problems],
  };
}

/** Reads an Ingress; once, as long as it is the same object. */
export function readIngress(ingress: Ingress): ReadIngress {
  const before = known.get(ingress);
  if (before) return before;
  const read = readNew(ingress);
  known.set(ingress, read);
  return read;
}
