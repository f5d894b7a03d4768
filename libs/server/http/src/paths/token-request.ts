import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { builtinKind } from '@binnacle/apis-kubernetes/schemas';
import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import {
  formatTime,
  ignoreNotFound,
  newBadRequest,
  newInvalid,
  parseApiVersion,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { fieldPath, invalid } from '@binnacle/machinery-validation';
import { type ServiceAccountTokens, type TokenLife, type TokenObject, type TokenSubject } from '@binnacle/server-auth';
import { asServer, conflict, type ObjectPlace, type Registry, type ResourceStore } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { valueAnswer } from '../answer/object-answer.js';
import { readWriteParameters } from '../request/write-options.js';
import type { ObjectReader } from '../verbs/object-reader.js';

const TOKEN_REQUEST = builtinKind('authentication.k8s.io', 'v1', 'TokenRequest');
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;
const DEFAULT_SECONDS = 3600;
/** What the volume asks for that is put into every Pod. */
const UNASKED_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 24 * 3600;

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
  if (metadata.namespace && metadata.namespace !== place.namespace) {
    throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (!metadata.name || metadata.name === place.name) return;
  const why = 'must match the service account name if specified';
  throw newInvalid(TOKEN_REQUEST, place.name, [invalid(fieldPath('metadata', 'name'), metadata.name, why)]);
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

interface Reference {
  readonly name?: string;
  readonly uid?: string;
}

type Bound = Pick<TokenSubject, 'pod' | 'secret' | 'node'>;

interface Asked {
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly isOfPod: boolean;
}

type TokenRules = Pick<ServiceAccountTokens, 'apiAudiences' | 'extendExpiration' | 'maxSeconds'>;

/**
 * Of clients from before tokens ended: those of volumes that nobody asked for hold for a year, and are warned of before. Behaves as
 * kubernetes pkg/registry/core/serviceaccount/storage/token.go.
 */
function lifeOf({ audiences, seconds: asked, isOfPod }: Asked, rules: TokenRules): TokenLife & { told: number } {
  const { apiAudiences, extendExpiration, maxSeconds = Number.POSITIVE_INFINITY } = rules;
  const seconds = Math.min(asked, maxSeconds);
  const isForApi = audiences.every((audience) => apiAudiences.includes(audience));
  const isOld = extendExpiration && isOfPod && asked === UNASKED_SECONDS && isForApi;
  if (!isOld) return { audiences, seconds, told: seconds };
  return { audiences, seconds: Math.max(EXTENDED_SECONDS, seconds), warnAfterSeconds: seconds, told: seconds };
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
    const { definition, core } = accounts;
    const attempt = { operation: 'CREATE', definition, subresource: 'token', ...place, dryRun } as const;
    const object = wanted as unknown as UnstructuredObject;
    await core.admission.admit(request.ctx, { ...attempt, object });
    const account = accounts.decode(await accounts.get(request.ctx, place, { at: 'latest' }));
    checkAccount(wanted, account);
    checkSpec(wanted);
    await core.admission.validate(request.ctx, { ...attempt, object });
    const bound = await this.boundObjects(request, place, wanted);
    const { cluster } = request.ctx;
    const { namespace } = place;
    const subject = { cluster, namespace, serviceAccount: identityOf(account), ...bound };
    const audiences = wanted.spec?.audiences?.length ? wanted.spec.audiences : this.tokens.apiAudiences;
    const asked = wanted.spec?.expirationSeconds ?? DEFAULT_SECONDS;
    const { told: seconds, ...life } = lifeOf(
      { audiences, seconds: asked, isOfPod: bound.pod !== undefined },
      this.tokens,
    );
    const { token } = await this.tokens.issue(request.ctx, subject, life);
    const expiresAt = Math.floor(request.ctx.clock.now() / 1000 + seconds) * 1000;
    const answer = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { ...identityOf(account), namespace, creationTimestamp: formatTime(request.ctx.clock.now()) },
      spec: { ...wanted.spec, audiences, expirationSeconds: seconds },
      status: { token, expirationTimestamp: formatTime(expiresAt) },
    };
    return valueAnswer(request, answer, 201);
  }

  private async boundObjects(request: ApiRequest, place: ObjectPlace, { spec }: TokenRequest): Promise<Bound> {
    const { boundObjectRef: reference } = spec ?? {};
    if (!reference) return {};
    const { group, version } = parseApiVersion(reference.apiVersion ?? '');
    const { kind = '' } = reference;
    if (group === '' && kind === 'Pod') return await this.boundPod(request, place, reference);
    const { namespace } = place;
    if (group === '' && kind === 'Secret') return { secret: await this.find(request, 'secrets', namespace, reference) };
    if (group === '' && kind === 'Node') return { node: await this.find(request, 'nodes', '', reference) };
    throw newBadRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }

  /** Beside a Pod its Node is told, as far as it is known. */
  private async boundPod(request: ApiRequest, place: ObjectPlace, reference: Reference): Promise<Bound> {
    const pod = await this.read(request, 'pods', place.namespace, reference);
    const { serviceAccountName, nodeName } = (pod as Pod).spec ?? {};
    if (serviceAccountName !== place.name) {
      const account = JSON.stringify(place.name);
      const why = `cannot bind token for serviceaccount ${account} to pod running with different serviceaccount name.`;
      throw newBadRequest(why);
    }
    if (!nodeName) return { pod: identityOf(pod) };
    const node = await ignoreNotFound(this.read(request, 'nodes', '', { name: nodeName }));
    return { pod: identityOf(pod), node: node ? identityOf(node) : { name: nodeName, uid: '' } };
  }

  private async find(request: ApiRequest, plural: string, namespace: string, of: Reference): Promise<TokenObject> {
    return identityOf(await this.read(request, plural, namespace, of));
  }

  private async read(
    request: ApiRequest,
    plural: string,
    namespace: string,
    { name = '', uid }: Reference,
  ): Promise<UnstructuredObject> {
    if (!name) throw newBadRequest('Name parameter required.');
    const store = this.registry.get('', 'v1', plural);
    const object = store.decode(await store.get(asServer(request.ctx), { namespace, name }, { at: 'latest' }));
    if (!uid || uid === object.metadata.uid) return object;
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record`;
    // Upstream names the kind, where conflicts of other requests name the resource.
    const { kind } = store.definition.names;
    const named = { group: '', names: { kind, plural: kind } };
    throw conflict(named, name, `${why}. The object might have been deleted and then recreated`);
  }
}
