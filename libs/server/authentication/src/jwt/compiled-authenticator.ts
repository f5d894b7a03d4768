import type { IssuerSource } from '../issuer/remote-issuer.js';
import type { CompiledMappings } from './claim-mapper.js';
import type { IdTokenExpectation } from './id-token-verifier.js';

/** One issuer whose tokens are believed, and what becomes of their claims. */
export interface CompiledAuthenticator extends Required<IdTokenExpectation> {
  readonly source: IssuerSource;
  readonly mappings: CompiledMappings;
}
