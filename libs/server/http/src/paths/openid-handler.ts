import { newMethodNotAllowed } from '@binnacle/machinery-meta';
import type { PublishedKey } from '@binnacle/server-auth';
import { OPENID_CONFIGURATION, OPENID_KEYS } from '../discovery/other-paths.js';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import type { PathHandler } from './api-handler.js';

const HEADERS = { 'cache-control': 'public, max-age=3600' };

/** What is published of the tokens of service accounts. */
export interface TokenIssuer {
  readonly issuer: string;
  /** All by which tokens are read now; they change while they are rotated. */
  readonly jsonWebKeys: readonly PublishedKey[];
}

/**
 * Lets others check the tokens of service accounts without asking. `address` is where this server is reached. Behaves as
 * kubernetes pkg/routes OpenIDMetadataServer.
 */
export class OpenIdHandler implements PathHandler {
  private readonly documents: Readonly<Record<string, () => ApiAnswer>>;

  /** `keysAddress` is where others find the keys, if that is not here. */
  constructor(
    private readonly tokens: TokenIssuer,
    address: string,
    keysAddress = `https://${address}${OPENID_KEYS}`,
  ) {
    this.documents = {
      [OPENID_CONFIGURATION]: () => jsonAnswer(this.configuration(keysAddress), 200, HEADERS),
      [OPENID_KEYS]: () => ({
        ...jsonAnswer({ keys: tokens.jsonWebKeys }, 200, HEADERS),
        contentType: 'application/jwk-set+json',
      }),
    };
  }

  private configuration(keysAddress: string): object {
    const { issuer, jsonWebKeys } = this.tokens;
    return {
      issuer,
      jwks_uri: keysAddress,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set(jsonWebKeys.map(({ alg }) => alg))].sort(),
    };
  }

  handle({ info, method }: ApiRequest): ApiAnswer | undefined {
    const path = info.path.replace(/\/$/, '');
    const answer = Object.hasOwn(this.documents, path) ? this.documents[path] : undefined;
    if (answer && method !== 'GET') throw newMethodNotAllowed();
    return answer?.();
  }
}
