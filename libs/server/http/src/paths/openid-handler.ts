import { newMethodNotAllowed } from '@binnacle/machinery-meta';
import { TOKEN_ISSUER } from '@binnacle/server-auth';
import { OPENID_CONFIGURATION, OPENID_KEYS } from '../discovery/other-paths.js';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import type { PathHandler } from './api-handler.js';

const HEADERS = { 'cache-control': 'public, max-age=3600' };

/** A public key as RFC 7517 writes it. */
export interface PublishedKey {
  readonly alg: string;
  readonly [member: string]: unknown;
}

/**
 * Lets others check the tokens of service accounts without asking. `address` is where this server is reached. Behaves as
 * kubernetes pkg/routes OpenIDMetadataServer.
 */
export class OpenIdHandler implements PathHandler {
  private readonly documents: Readonly<Record<string, () => ApiAnswer>>;

  constructor(key: PublishedKey, address: string) {
    const configuration = {
      issuer: TOKEN_ISSUER,
      jwks_uri: `https://${address}${OPENID_KEYS}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [key.alg],
    };
    this.documents = {
      [OPENID_CONFIGURATION]: () => jsonAnswer(configuration, 200, HEADERS),
      [OPENID_KEYS]: () => ({ ...jsonAnswer({ keys: [key] }, 200, HEADERS), contentType: 'application/jwk-set+json' }),
    };
  }

  handle({ info, method }: ApiRequest): ApiAnswer | undefined {
    const path = info.path.replace(/\/$/, '');
    const answer = Object.hasOwn(this.documents, path) ? this.documents[path] : undefined;
    if (answer && method !== 'GET') throw newMethodNotAllowed();
    return answer?.();
  }
}
