import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isDns1035Label,
  isDns1123Subdomain,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import {
  each,
  optional,
  repeated,
  validateWebhookService,
  validateWebhookUrl,
  validateSupported,
} from '@binnacle/apis-registry';
import type { MutatingWebhook, ValidatingWebhook, WebhookClientConfig } from './index.js';
import { validateMatchConditions } from './match-conditions.js';
import { applyRuleDefaults, MATCH_POLICIES, validateRule } from './rules.js';

export const FAILURE_POLICIES: readonly string[] = ['Fail', 'Ignore'];
export const REINVOCATION_POLICIES: readonly string[] = ['IfNeeded', 'Never'];
const HARMLESS = ['None', 'NoneOnDryRun'];
const REVIEW_VERSIONS = ['v1', 'v1beta1'];
const MAX_TIMEOUT = 30;
const HTTPS = 443;

type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

/** Behaves as kubernetes pkg/apis/admissionregistration/v1 SetDefaults_ValidatingWebhook. */
export function applyWebhookDefaults(webhook: Webhook): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= HTTPS;
  applyRuleDefaults(webhook.rules);
}

const known = (value: string | undefined, path: FieldPath, supported: readonly string[]): FieldError[] =>
  optional(value, path, (text, at) => validateSupported(text, at, supported));

/** Behaves as apimachinery IsFullyQualifiedName. */
function validateName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const complaints = isDns1123Subdomain(name);
  if (complaints.length > 0) return [invalid(path, name, complaints.join(','))];
  const short = name.split('.').length < 3;
  return short ? [invalid(path, name, 'should be a domain with at least three segments separated by dots')] : [];
}

function validateSideEffects(effects: string | undefined, path: FieldPath): FieldError[] {
  if (!effects) return [required(path, `must specify one of ${HARMLESS.join(', ')}`)];
  return known(effects, path, HARMLESS);
}

function validateClient({ url, service }: Partial<WebhookClientConfig>, path: FieldPath): FieldError[] {
  if (url !== undefined && !service) return validateWebhookUrl(url, path.child('url'));
  if (service && url === undefined) return validateWebhookService(service, path.child('service'));
  return [required(path, 'exactly one of url or service is required')];
}

function validateReviewVersions(versions: readonly string[] = [], path: FieldPath): FieldError[] {
  if (versions.length === 0) return [required(path, `must specify one of ${REVIEW_VERSIONS.join(', ')}`)];
  const understood = versions.some((version) => REVIEW_VERSIONS.includes(version));
  const seen = new Set<string>();
  return [
    ...each(versions, path, (version, at) => {
      if (seen.has(version)) return [invalid(at, version, 'duplicate version')];
      seen.add(version);
      return invalidEach(at, version, isDns1035Label(version));
    }),
    ...(understood ? [] : [invalid(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(', ')}`)]),
  ];
}

function validateTimeout(seconds: number, path: FieldPath): FieldError[] {
  if (seconds >= 1 && seconds <= MAX_TIMEOUT) return [];
  return [invalid(path, seconds, 'the timeout value must be between 1 and 30 seconds')];
}

function validateWebhook(webhook: Webhook, path: FieldPath): FieldError[] {
  return [
    ...validateName(webhook.name, path.child('name')),
    ...each(webhook.rules, path.child('rules'), validateRule),
    ...known(webhook.failurePolicy, path.child('failurePolicy'), FAILURE_POLICIES),
    ...known(webhook.matchPolicy, path.child('matchPolicy'), MATCH_POLICIES),
    ...validateSideEffects(webhook.sideEffects, path.child('sideEffects')),
    ...optional(webhook.timeoutSeconds, path.child('timeoutSeconds'), validateTimeout),
    ...validateLabelSelector(webhook.namespaceSelector, path.child('namespaceSelector')),
    ...validateLabelSelector(webhook.objectSelector, path.child('objectSelector')),
    ...known(webhook.reinvocationPolicy, path.child('reinvocationPolicy'), REINVOCATION_POLICIES),
    ...validateClient(webhook.clientConfig ?? {}, path.child('clientConfig')),
    ...validateMatchConditions(webhook.matchConditions, path.child('matchConditions'), false),
    ...validateReviewVersions(webhook.admissionReviewVersions, path.child('admissionReviewVersions')),
  ];
}

/** Behaves as kubernetes pkg/apis/admissionregistration/validation of both configurations. */
export function validateWebhooks(webhooks: readonly Webhook[] | undefined): FieldError[] {
  const path = fieldPath('webhooks');
  return [
    ...each(webhooks, path, validateWebhook),
    ...repeated(webhooks, path, ({ name }) => name || undefined, 'name'),
  ];
}
