import type { ExpectedKind } from '@binnacle/apis-kubernetes/schema';
import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import { formatTime, newInvalid, newNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { fieldPath, invalid, notSupported } from '@binnacle/machinery-validation';
import { type ServiceAccountTokens, TOKEN_ISSUER, type TokenObject } from '@binnacle/server-auth';
import { conflict, type ObjectPlace, type Registry, type ResourceStore } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from './api-request.js';
import { valueAnswer } from './object-answer.js';
import type { ObjectReader } from './object-reader.js';

const TOKEN_REQUEST: ExpectedKind = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  schema: 'io.k8s.api.authentication.v1.TokenRequest',
};
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;
const DEFAULT_SECONDS = 3600;

function checkSpec({ spec }: TokenRequest): void {
  const seconds = spec?.expirationSeconds ?? DEFAULT_SECONDS;
  const path = fieldPath('spec', 'expirationSeconds');
  const bound = spec?.boundObjectRef?.kind;
  const errors = [
    ...(seconds < SHORTEST_SECONDS ? [invalid(path, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > LONGEST_SECONDS
      ? [invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds')]
      : []),
    ...(bound !== undefined && bound !== 'Pod'
      ? [notSupported(fieldPath('spec', 'boundObjectRef', 'kind'), bound, ['Pod'])]
      : []),
  ];
  if (errors.length > 0) throw newInvalid(TOKEN_REQUEST, '', errors);
}

const identityOf = ({ metadata }: UnstructuredObject): TokenObject => ({
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** Serves `serviceaccounts/<name>/token`. */
export class TokenRequests {
  constructor(
    private readonly registry: Registry,
    private readonly reader: ObjectReader,
    private readonly tokens: ServiceAccountTokens,
  ) {}

  async serve(request: ApiRequest, accounts: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const wanted = this.reader.read(request, TOKEN_REQUEST) as unknown as TokenRequest;
    checkSpec(wanted);
    const account = accounts.decode(await accounts.get(request.ctx, place, { at: 'latest' }));
    const { name: podName, uid: podUid } = wanted.spec?.boundObjectRef ?? {};
    const pod = podName ? await this.boundPod(request, place, podName, podUid) : undefined;
    const { cluster } = request.ctx;
    const { namespace } = place;
    const subject = { cluster, namespace, serviceAccount: identityOf(account), ...(pod && { pod }) };
    const audiences = wanted.spec?.audiences?.length ? wanted.spec.audiences : [TOKEN_ISSUER];
    const seconds = wanted.spec?.expirationSeconds ?? DEFAULT_SECONDS;
    const { token, expiresAt } = await this.tokens.issue(request.ctx, subject, { audiences, seconds });
    const answer = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: place.name, namespace, creationTimestamp: formatTime(request.ctx.clock.now()) },
      spec: { ...wanted.spec, audiences, expirationSeconds: seconds },
      status: { token, expirationTimestamp: formatTime(expiresAt) },
    };
    return valueAnswer(request, answer, 201);
  }

  private async boundPod(
    request: ApiRequest,
    { namespace, name: account }: ObjectPlace,
    name: string,
    uid: string | undefined,
  ): Promise<TokenObject> {
    const pods = this.registry.get('', 'v1', 'pods');
    const pod = pods.decode(await pods.get(request.ctx, { namespace, name }, { at: 'latest' }));
    const used = (pod.spec as { serviceAccountName?: string } | undefined)?.serviceAccountName;
    if (used !== account) throw newNotFound({ group: '', resource: 'pods' }, name);
    const identity = identityOf(pod);
    if (uid === undefined || uid === identity.uid) return identity;
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record`;
    throw conflict(pods.definition, name, `${why}. The object might have been deleted and then recreated`);
  }
}
