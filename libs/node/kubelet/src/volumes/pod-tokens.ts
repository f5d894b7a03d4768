import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import type { Pod, ServiceAccount, ServiceAccountTokenProjection } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { podName, podNamespace, podText, podUid } from '../pod/identity.js';

/** What of a token is wanted: for whom, and for how long. */
export type WantedToken = Pick<ServiceAccountTokenProjection, 'audience' | 'expirationSeconds'>;

/** Where the tokens come from that Pods mount. */
export interface TokenSource {
  /** Rejects where there is none to be had. */
  token(ctx: Context, pod: Pod, wanted: WantedToken): Promise<string>;
  /** The Pod has gone. */
  forget(pod: Pod): void;
}

interface Kept {
  readonly token: string;
  readonly expiresAt: number;
  /** From when on another is asked for. */
  readonly renewAt: number;
}

const DEFAULT_SECONDS = 3600;
const LONGEST_LIFE = 24 * 3600 * 1000;
/** A fifth of its life before a token ends there must be another. */
const SHARE_LEFT = 0.2;

function keep({ status }: TokenRequest, seconds: number): Kept {
  const { token, expirationTimestamp } = status ?? {};
  const expiresAt = Date.parse(expirationTimestamp ?? '');
  if (!token || Number.isNaN(expiresAt)) throw new Error('the API server answered without a token');
  const life = seconds * 1000;
  const madeAt = expiresAt - life;
  return { token, expiresAt, renewAt: Math.min(madeAt + LONGEST_LIFE, expiresAt - life * SHARE_LEFT) };
}

/** Asks the API server for Pods' tokens, and for others before they end. Behaves as kubernetes pkg/kubelet/token. */
export class PodTokens implements TokenSource {
  private readonly accounts: ResourceClient<ServiceAccount>;
  private readonly kept = new Map<string, Map<string, Kept>>();

  constructor(client: KubeClient) {
    this.accounts = client.resource<ServiceAccount>(refs.serviceaccounts);
  }

  async token(ctx: Context, pod: Pod, wanted: WantedToken): Promise<string> {
    const { audience = '', expirationSeconds: seconds = DEFAULT_SECONDS } = wanted;
    const key = `${seconds} ${audience}`;
    const known = this.kept.get(podUid(pod))?.get(key);
    const now = ctx.clock.now();
    if (known && now < known.renewAt) return known.token;
    try {
      const made = keep(await this.ask(ctx, pod, audience, seconds), seconds);
      this.note(pod, key, made);
      return made.token;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!known || now >= known.expiresAt) throw new Error(`failed to fetch token: ${why}`, { cause: error });
      ctx.logger.debug('a token could not be renewed', { pod: podText(pod), error });
      return known.token;
    }
  }

  forget(pod: Pod): void {
    this.kept.delete(podUid(pod));
  }

  private note(pod: Pod, key: string, made: Kept): void {
    const ofPod = this.kept.get(podUid(pod)) ?? new Map<string, Kept>();
    this.kept.set(podUid(pod), ofPod.set(key, made));
  }

  private async ask(ctx: Context, pod: Pod, audience: string, expirationSeconds: number): Promise<TokenRequest> {
    const account = { namespace: podNamespace(pod), name: pod.spec?.serviceAccountName ?? '' };
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        audiences: audience ? [audience] : [],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: podName(pod), uid: podUid(pod) },
      },
    };
    const answer = await this.accounts.createSubresource(ctx, account, 'token', request as UnstructuredObject);
    return answer as TokenRequest;
  }
}
