import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  isDns1123Subdomain,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { ConfigurationError } from '@binnacle/machinery-yaml';
import { type AuthorizationConfiguration, type AuthorizerSpec } from './authorization-configuration.js';
import { AUTHORIZER_TYPES, type AuthorizerType, type CompiledAuthorizer } from '../compiled-authorizer.js';
import { type CheckFile, compileWebhook } from './compile-webhook.js';

/** Compiles who decides one after the other, and notes all that is wrong. */
class Compiling {
  readonly errors: FieldError[] = [];
  private readonly types = new Set<AuthorizerType>();
  private readonly names = new Set<string>();

  constructor(private readonly check: CheckFile) {}

  one({ type: given = '', name = '', webhook }: AuthorizerSpec, path: FieldPath): CompiledAuthorizer[] {
    const type = this.typeOf(given, path.child('type'));
    if (!type) return [];
    this.checkName(type, name, path.child('name'));
    if (type === 'Webhook') {
      if (webhook) return [{ type, name, webhook: compileWebhook(this.errors, webhook, path, this.check) }];
      this.errors.push(required(path.child('webhook'), 'required when type=Webhook'));
      return [];
    }
    if (webhook)
      this.errors.push(invalid(path.child('webhook'), 'non-null', 'may only be specified when type=Webhook'));
    return [{ type, name }];
  }

  private typeOf(given: string, path: FieldPath): AuthorizerType | undefined {
    const type = AUTHORIZER_TYPES.find((known) => known === given);
    const isRepeated = type !== undefined && type !== 'Webhook' && this.types.has(type);
    if (given === '') this.errors.push(required(path));
    else if (!type) this.errors.push(notSupported(path, given, [...AUTHORIZER_TYPES]));
    else if (isRepeated) this.errors.push(duplicate(path, given));
    if (type) this.types.add(type);
    return isRepeated ? undefined : type;
  }

  private checkName(type: AuthorizerType, name: string, path: FieldPath): void {
    const faults = isDns1123Subdomain(name);
    if (name === '') this.errors.push(required(path));
    else if (this.names.has(name)) this.errors.push(duplicate(path, name));
    else if (faults.length > 0)
      this.errors.push(invalid(path, name, `authorizer name is invalid: ${faults.join(', ')}`));
    else if (type !== 'Webhook' && name !== type.toLowerCase())
      this.errors.push(invalid(path, name, `expected name ${type.toLowerCase()} for authorizer ${type}`));
    this.names.add(name);
  }
}

/**
 * Checks a configuration and compiles what it says. Behaves as kubernetes apiserver pkg/apis/apiserver/validation
 * ValidateAuthorizationConfiguration.
 * @throws ConfigurationError with everything that is wrong.
 */
export function compileAuthorization(
  { authorizers = [] }: AuthorizationConfiguration,
  check: CheckFile,
): CompiledAuthorizer[] {
  const root = fieldPath('authorizers');
  const compiling = new Compiling(check);
  if (authorizers.length === 0)
    compiling.errors.push(required(root, 'at least one authorization mode must be defined'));
  const compiled = authorizers.flatMap((spec, index) => compiling.one(spec, root.index(index)));
  const texts = compiling.errors.map(({ field, message }) => `${field}: ${message}`);
  if (texts.length === 0) return compiled;
  throw new ConfigurationError(texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`);
}
