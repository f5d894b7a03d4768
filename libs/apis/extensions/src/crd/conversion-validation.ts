import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  isDns1035Label,
  required,
} from '@binnacle/machinery-validation';
import {
  validateCaBundle,
  validateWebhookService,
  validateWebhookUrl,
  validateSupported,
} from '@binnacle/apis-registry';
import type { CustomResourceConversion, WebhookClientConfig } from './types.js';

const STRATEGIES = ['None', 'Webhook'];
/** What the server understands. */
export const REVIEW_VERSIONS: readonly string[] = ['v1', 'v1beta1'];

export interface ConversionRules {
  readonly requireRecognizedVersion: boolean;
  readonly allowInvalidCaBundle: boolean;
}

/** Whether the server understands one of them; none at all counts as good. */
export function hasRecognizedVersion(versions: readonly string[] = []): boolean {
  return versions.length === 0 || versions.some((version) => REVIEW_VERSIONS.includes(version));
}

function validateReviewVersions(versions: readonly string[], path: FieldPath, rules: ConversionRules): FieldError[] {
  if (versions.length === 0) return [required(path)];
  const errors = versions.flatMap((version, index) => {
    const at = path.index(index);
    if (versions.indexOf(version) < index) return [invalid(at, version, 'duplicate version')];
    return isDns1035Label(version).map((complaint) => invalid(at, version, complaint));
  });
  if (!rules.requireRecognizedVersion || hasRecognizedVersion(versions)) return errors;
  return [...errors, invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(', ')}`)];
}

function validateClientConfig(config: WebhookClientConfig, path: FieldPath, rules: ConversionRules): FieldError[] {
  const { url, service, caBundle } = config;
  const errors: FieldError[] = [];
  if ((url === undefined) === (service === undefined)) {
    errors.push(required(path, 'exactly one of url or service is required'));
  } else if (url !== undefined) errors.push(...validateWebhookUrl(url, path.child('url')));
  else if (service) errors.push(...validateWebhookService(service, path.child('service')));
  if (caBundle && !rules.allowInvalidCaBundle) errors.push(...validateCaBundle(caBundle, path.child('caBundle')));
  return errors;
}

function validateStrategy(strategy: string | undefined, path: FieldPath): FieldError[] {
  if (!strategy) return [required(path)];
  return validateSupported(strategy, path, STRATEGIES);
}

function validateUnused({ webhook }: CustomResourceConversion, path: FieldPath): FieldError[] {
  const why = 'should not be set when strategy is not set to Webhook';
  const errors = webhook?.clientConfig ? [forbidden(path.child('webhookClientConfig'), why)] : [];
  const isAsked = (webhook?.conversionReviewVersions ?? []).length > 0;
  return isAsked ? [...errors, forbidden(path.child('conversionReviewVersions'), why)] : errors;
}

function validateWebhook({ webhook }: CustomResourceConversion, path: FieldPath, rules: ConversionRules): FieldError[] {
  const config = path.child('webhookClientConfig');
  const versions = webhook?.conversionReviewVersions ?? [];
  return [
    ...(webhook?.clientConfig
      ? validateClientConfig(webhook.clientConfig, config, rules)
      : [required(config, 'required when strategy is set to Webhook')]),
    ...validateReviewVersions(versions, path.child('conversionReviewVersions'), rules),
  ];
}

export function validateConversion(
  conversion: CustomResourceConversion | undefined,
  path: FieldPath,
  rules: ConversionRules,
): FieldError[] {
  if (!conversion) return [];
  const { strategy } = conversion;
  const more = strategy === 'Webhook' ? validateWebhook(conversion, path, rules) : validateUnused(conversion, path);
  return [...validateStrategy(strategy, path.child('strategy')), ...more];
}
