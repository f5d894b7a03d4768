import { builtinKind } from '@binnacle/apis-kubernetes/schemas';
import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import { formatTime, newBadRequest, newInvalid, newNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { fieldPath, invalid } from '@binnacle/machinery-validation';
import { type ServiceAccountTokens, TOKEN_ISSUER, type TokenObject } from '@binnacle/server-auth';
import { asServer, conflict, type ObjectPlace, type Registry, type ResourceStore } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { valueAnswer } from '../answer/object-answer.js';
import { readWriteParameters } from '../request/write-options.js';
import type { ObjectReader } from '../verbs/object-reader.js';

const TOKEN_REQUEST = builtinKind('authentication.k8s.io', 'v1', 'TokenRequest');
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;
const DEFAULT_SECONDS = 3600;

function checkSpec({ spec }: TokenRequest): void {
  const seconds = spec?.expirationSeconds ?? DEFAULT_SECONDS;
  const path = fieldPath('spec', 'expirationSeconds');
  const errors = [
    ...(seconds < SHORTEST_SECONDS ? [invalid(path, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > LONGEST_SECONDS
      ? [invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds')]
      : []),
  ];
  if (errors.length > 0) throw newInvalid(TOKEN_REQUEST, '', errors);
}

const identityOf = ({ metadata }: UnstructuredObject): TokenObject => ({
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** Names in the body are those of the URL, where there are some. */
function checkNames({ metadata = {} }: TokenRequest, place: ObjectPlace): void {
  const errors = (['name', 'namespace'] as const).flatMap((field) => {
    const said = metadata[field];
    const why = `must match the service account ${field} if specified`;
    return said && said !== place[field] ? [invalid(fieldPath('metadata', field), said, why)] : [];
  });
  if (errors.length > 0) throw newInvalid(TOKEN_REQUEST, place.name, errors);
}

/** A request that was meant for an account of this name that is gone makes no token of its successor. */
function checkAccount({ metadata }: TokenRequest, account: UnstructuredObject): void {
  const asked = metadata?.uid;
  const { name = '', uid = '' } = account.metadata;
  if (!asked || asked === uid) return;
  const kind = { group: TOKEN_REQUEST.group, names: { kind: TOKEN_REQUEST.kind, plural: TOKEN_REQUEST.kind } };
  const why = `the UID in the token request (${asked}) does not match the UID of the service account (${uid})`;
  throw conflict(kind, name, why);
}

/** Serves `serviceaccounts/<name>/token`. */
export class TokenRequests {
  constructor(
    private readonly registry: Registry,
    private readonly reader: ObjectReader,
    private readonly tokens: ServiceAccountTokens,
  ) {}

  async serve(request: ApiRequest, accounts: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const { dryRun } = readWriteParameters(request);
    const wanted = this.reader.read(request, TOKEN_REQUEST) as unknown as TokenRequest;
    checkNames(wanted, place);
    checkSpec(wanted);
    const { definition, core } = accounts;
    const attempt = { operation: 'CREATE', definition, subresource: 'token', ...place, dryRun } as const;
    const object = wanted as unknown as UnstructuredObject;
    await core.admission.admit(request.ctx, { ...attempt, object });
    await core.admission.validate(request.ctx, { ...attempt, object });
    const account = accounts.decode(await accounts.get(request.ctx, place, { at: 'latest' }));
    checkAccount(wanted, account);
    const { name: podName, uid: podUid } = this.boundReference(wanted);
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

  /** Tokens are bound to Pods alone here. */
  private boundReference({ spec }: TokenRequest): { readonly name?: string; readonly uid?: string } {
    const { boundObjectRef: bound } = spec ?? {};
    if (!bound || bound.kind === 'Pod') return bound ?? {};
    throw newBadRequest(`cannot bind token to object of type /${bound.apiVersion ?? ''}, Kind=${bound.kind ?? ''}`);
  }

  private async boundPod(
    request: ApiRequest,
    { namespace, name: account }: ObjectPlace,
    name: string,
    uid: string | undefined,
  ): Promise<TokenObject> {
    const pods = this.registry.get('', 'v1', 'pods');
    const pod = pods.decode(await pods.get(asServer(request.ctx), { namespace, name }, { at: 'latest' }));
    const used = (pod.spec as { serviceAccountName?: string } | undefined)?.serviceAccountName;
    if (used !== account) throw newNotFound({ group: '', resource: 'pods' }, name);
    const identity = identityOf(pod);
    if (uid === undefined || uid === identity.uid) return identity;
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record`;
    throw conflict(pods.definition, name, `${why}. The object might have been deleted and then recreated`);
  }
}
