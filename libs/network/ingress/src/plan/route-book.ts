import type { IngressBackend } from '@binnacle/apis-kubernetes/networking/v1';
import type { CanarySettings } from '../settings/canary.js';
import type { IngressSettings } from '../settings/settings.js';
import type { HostRoutes } from '../table/host-table.js';
import type { RoutePolicy } from '../table/policy.js';
import type { Action, Canary, PathMatch, Route, RouteOrigin } from '../table/route.js';
import type { Backends, Resolved } from './backends.js';
import type { ReadIngress, ReadPath } from './ingress-reading.js';

/** A path of a host that somebody has. */
interface Claim {
  readonly owner: string;
  readonly path: ReadPath;
  readonly settings: IngressSettings;
  readonly canaries: Canary[];
}

interface HostBook {
  readonly claims: Map<string, Claim>;
  /** Of the oldest Ingress with rules for this host that has one. */
  otherwise?: Claim;
}

const UNAVAILABLE = 503;
const HTTPS_REDIRECT = 308;
const EVERYTHING: PathMatch = { kind: 'prefix', path: '' };

const claimKey = ({ kind, path }: PathMatch): string => `${kind} ${path}`;
const keyOf = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`;

/** Collects what Ingresses ask for, the oldest first, and makes routes of it. */
export class RouteBook {
  readonly problems = new Map<string, readonly string[]>();
  private readonly books = new Map<string, HostBook>();

  constructor(
    private readonly backends: Backends,
    private readonly isSecure: (host: string) => boolean,
  ) {}

  note(owner: string, words: readonly string[]): void {
    if (words.length > 0) this.problems.set(owner, [...(this.problems.get(owner) ?? []), ...words]);
  }

  add(ingress: ReadIngress): void {
    const owner = keyOf(ingress);
    for (const path of ingress.paths) this.claim(owner, path, ingress.settings);
    if (ingress.defaultBackend) this.addDefault(owner, ingress, ingress.defaultBackend);
  }

  addCanary(ingress: ReadIngress, canary: CanarySettings): void {
    const owner = keyOf(ingress);
    for (const path of ingress.paths) {
      const claim = this.books.get(path.host)?.claims.get(claimKey(path.match));
      const resolved = this.resolve(path.origin, path.backend, ingress.settings);
      if (!claim) this.note(owner, [`no other Ingress has the path ${path.origin.path} of ${hostText(path.host)}`]);
      else if ('words' in resolved) this.note(owner, [resolved.words]);
      else claim.canaries.push({ ...canary, target: { backend: resolved.backend.id, weight: 1 } });
    }
  }

  /** The routes of every host. Whoever has no default of its own has that of all. */
  hosts(): HostRoutes[] {
    const last = this.books.get('')?.otherwise;
    const books = last
      ? [...this.books]
      : [...this.books].filter(([, { claims, otherwise }]) => claims.size || otherwise);
    return books.map(([host, { claims, otherwise = last }]) => {
      const own = [...claims.values()].map((claim) => this.route(host, claim));
      return { host, routes: otherwise ? [...own, this.route(host, otherwise)] : own };
    });
  }

  private book(host: string): HostBook {
    let book = this.books.get(host);
    if (!book) this.books.set(host, (book = { claims: new Map() }));
    return book;
  }

  private claim(owner: string, path: ReadPath, settings: IngressSettings): void {
    const { claims } = this.book(path.host);
    const key = claimKey(path.match);
    const held = claims.get(key);
    if (!held) claims.set(key, { owner, path, settings, canaries: [] });
    else if (held.owner !== owner)
      this.note(owner, [`the path ${path.origin.path} of ${hostText(path.host)} is that of the older ${held.owner}`]);
  }

  /** Of an Ingress without rules for all that nobody else has, else for its own hosts. */
  private addDefault(owner: string, ingress: ReadIngress, backend: IngressBackend): void {
    const { namespace, name, settings } = ingress;
    const hosts = ingress.hosts.length > 0 ? ingress.hosts : [''];
    for (const host of hosts) {
      const origin: RouteOrigin = { kind: 'Ingress', namespace, name, host, path: '/' };
      const path: ReadPath = { host, match: EVERYTHING, origin, backend };
      this.book(host).otherwise ??= { owner, path, settings, canaries: [] };
    }
  }

  private route(host: string, { owner, path, settings, canaries }: Claim): Route {
    const action = this.action(path, settings, canaries);
    if (action.kind === 'refuse') this.note(owner, [action.words]);
    return { origin: path.origin, path: path.match, policy: this.policy(host, settings), action };
  }

  private policy(host: string, { policy, httpsRedirect, rewriteTarget }: IngressSettings): RoutePolicy {
    const redirects = httpsRedirect === 'always' || (httpsRedirect !== 'never' && this.isSecure(host));
    return {
      ...policy,
      ...(redirects && { httpsRedirect: HTTPS_REDIRECT }),
      ...(rewriteTarget !== undefined && { rewrite: { kind: 'template', path: rewriteTarget } }),
    };
  }

  private action(path: ReadPath, settings: IngressSettings, canaries: readonly Canary[]): Action {
    if (settings.closed !== undefined) return { kind: 'refuse', status: UNAVAILABLE, words: settings.closed };
    if (settings.redirect) return settings.redirect;
    const resolved = this.resolve(path.origin, path.backend, settings);
    if ('words' in resolved) return { kind: 'refuse', status: UNAVAILABLE, words: resolved.words };
    return { kind: 'forward', targets: [{ backend: resolved.backend.id, weight: 1 }], canaries };
  }

  private resolve(
    { namespace }: RouteOrigin,
    { service, resource }: IngressBackend,
    settings: IngressSettings,
  ): Resolved {
    if (resource) return { words: `a ${resource.kind} cannot be asked: only Services are` };
    if (!service) return { words: 'the rule has no backend' };
    return this.backends.resolve({ namespace, name: service.name, port: service.port ?? {} }, () => settings.protocol);
  }
}

const hostText = (host: string): string => host || 'all hosts';
