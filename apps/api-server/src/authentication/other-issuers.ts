import { type Context, withSignal } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { AnonymousPolicy, TokenAuthenticator } from '@binnacle/server-auth';
import {
  anonymousPolicy,
  type AuthenticationConfiguration,
  compileConfiguration,
  decodeConfiguration,
  JwtAuthenticator,
  JwtAuthenticators,
  SIGNING_ALGORITHMS,
} from '@binnacle/server-authentication';
import { followFiles } from '../follow-files.js';
import { oidcConfiguration } from './oidc-flags.js';
import { type AuthenticationSettings, partsOf } from './options.js';

type ReadFile = (path: string) => string;

interface Given {
  readonly configuration: AuthenticationConfiguration;
  readonly algorithms: readonly string[];
}

/** The configuration of other issuers as it is now, and what it makes of requests. */
class OtherIssuers {
  readonly tokens = new JwtAuthenticators();
  private policy: AnonymousPolicy = anonymousPolicy({ enabled: true });
  private life = new AbortController();

  constructor(
    private readonly ctx: Context,
    private readonly disallowedIssuers: readonly string[],
    private readonly anonymousByDefault: boolean,
  ) {}

  readonly anonymous: AnonymousPolicy = { allows: (path) => this.policy.allows(path) };

  /** Throws where it cannot be used, and leaves all as it was. */
  use({ configuration, algorithms }: Given): void {
    const compiled = compileConfiguration(configuration, { disallowedIssuers: this.disallowedIssuers, algorithms });
    this.life.abort(new Error('there is another configuration'));
    this.life = new AbortController();
    const ctx = withSignal(this.ctx, AbortSignal.any([this.ctx.signal, this.life.signal]));
    const authenticators = compiled.map((one) => new JwtAuthenticator(ctx, one));
    this.policy = anonymousPolicy(configuration.anonymous ?? { enabled: this.anonymousByDefault });
    this.tokens.use(authenticators);
    for (const one of authenticators) one.start();
  }
}

function asConfigError<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new ConfigError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Believes the issuers that flags or a configuration file name, whose changes hold without a restart. Throws ConfigError for what
 * cannot be used.
 */
export function otherIssuers(
  ctx: Context,
  settings: AuthenticationSettings,
  issuers: readonly string[],
  readFile: ReadFile,
): { readonly tokens: readonly TokenAuthenticator[]; readonly anonymous: AnonymousPolicy } {
  const others = new OtherIssuers(ctx, issuers, settings['anonymous-auth']);
  const flags = oidcConfiguration(settings, readFile);
  const file = settings['authentication-config'];
  const algorithms = flags ? partsOf(settings['oidc-signing-algs']) : SIGNING_ALGORITHMS;
  if (file) {
    const read = () => readFile(file);
    const use = (text: string) => others.use({ configuration: decodeConfiguration(text), algorithms });
    const text = read();
    asConfigError(file, () => use(text));
    const changed = (other: string) => {
      use(other);
      ctx.logger.info('the authentication configuration has changed', { file });
    };
    void followFiles(ctx, read, text, changed);
  } else asConfigError('--oidc-issuer-url', () => others.use({ configuration: flags ?? {}, algorithms }));
  return { tokens: [others.tokens], anonymous: others.anonymous };
}
