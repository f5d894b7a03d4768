export type * from './config/authentication-configuration.js';
export { type CompileOptions, compileConfiguration } from './config/compile.js';
export { ConfigurationError, decodeConfiguration } from './config/decode.js';
export { IssuerUnavailable, type IssuerSource, type ProviderMetadata, RemoteIssuer } from './issuer/remote-issuer.js';
export { type CompiledMappings, mapClaims } from './jwt/claim-mapper.js';
export type { CompiledAuthenticator } from './jwt/compiled-authenticator.js';
export { type IdTokenExpectation, IdTokenVerifier } from './jwt/id-token-verifier.js';
export { JwtAuthenticator, JwtAuthenticators } from './jwt/jwt-authenticator.js';
export { SIGNING_ALGORITHMS } from './jwt/token-shape.js';
