import type { EventRecorder } from '@binnacle/client-controller';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { ClusterEngine, type EngineOptions } from '../engine/cluster-engine.js';
import { type Certificate, certificateOf, CertificateTable } from '../front/certificates.js';
import type { CertificateWish } from '../plan/plan-ingresses.js';
import type { FollowedSecrets } from './followed-secrets.js';
import { ProblemEvents } from './problem-events.js';

interface Found {
  readonly host: string;
  readonly certificate: Certificate;
}

/** What of a logical cluster stays while nobody follows it: what is served there, and with which certificates. */
export class ClusterSite {
  readonly engine: ClusterEngine;
  readonly problems: ProblemEvents;
  certificates: CertificateTable;
  /** The Service that gives the entrance its address, as it was seen last. */
  published: Service | undefined;
  private shown: readonly Found[] = [];
  /** As they were read last, by the key of their Secret. */
  private readonly remembered = new Map<string, Certificate>();

  constructor(
    private readonly ctx: Context,
    recorder: EventRecorder,
    options: EngineOptions,
    /** Shown to who asks for a name that nobody has a certificate for. */
    private readonly fallback: Certificate,
  ) {
    this.problems = new ProblemEvents(ctx.clock, recorder);
    this.certificates = new CertificateTable([{ host: '', certificate: fallback }]);
    this.engine = new ClusterEngine(ctx, options, (address, port, error) => this.portFailed(address, port, error));
  }

  /**
   * Shows what is wished for. The table stays the same as long as it holds the same, and what has not been read yet is shown as it was
   * before. Answers what cannot be shown, by who wishes for it.
   */
  show(wishes: readonly CertificateWish[], secrets: FollowedSecrets): ReadonlyMap<string, readonly string[]> {
    const problems = new Map<string, string[]>();
    const found = wishes.flatMap((wish) => {
      const read = this.certificate(wish.secret, secrets);
      if (!('words' in read)) return hostsOf(wish, read).map((host) => ({ host, certificate: read }));
      if (read.words !== '') problems.set(wish.ingress, [...(problems.get(wish.ingress) ?? []), read.words]);
      return [];
    });
    if (!isSame(found, this.shown)) {
      this.shown = found;
      this.certificates = new CertificateTable([...found, { host: '', certificate: this.fallback }]);
    }
    return problems;
  }

  /** The certificate in a Secret, as it was before where it has not been read yet; or in words why there is none. */
  certificate(key: string, secrets: FollowedSecrets): Certificate | { readonly words: string } {
    const secret = secrets.get(key);
    if (!secret && !secrets.isKnown(key)) return this.remembered.get(key) ?? { words: '' };
    const read = secret ? certificateOf(secret) : { words: `there is no Secret ${key}` };
    if ('words' in read) this.remembered.delete(key);
    else this.remembered.set(key, read);
    return read;
  }

  private portFailed(address: string, port: number, error: Error): void {
    this.ctx.logger.warn('cannot open port', { address, port, error });
    const message = `Cannot listen at ${address}:${port}: ${error.message}`;
    if (this.published) this.problems.portFailed(this.published, message);
  }
}

function hostsOf({ hosts }: CertificateWish, { names }: Certificate): string[] {
  return (hosts.length > 0 ? hosts : names).map((host) => host.toLowerCase());
}

function isSame(a: readonly Found[], b: readonly Found[]): boolean {
  return (
    a.length === b.length && a.every((one, at) => one.host === b[at]?.host && one.certificate === b[at]?.certificate)
  );
}
