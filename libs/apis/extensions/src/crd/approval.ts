import { quote } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { CustomResourceDefinition } from './types.js';

/** Set on definitions of groups that belong to the Kubernetes community. */
export const APPROVED_ANNOTATION = 'api-approved.kubernetes.io';

export type Approval = 'Invalid' | 'Approved' | 'Bypassed' | 'Missing';

export interface ApprovalState {
  readonly approval: Approval;
  readonly reason: string;
}

export function isProtectedGroup(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`));
}

/** What a definition says about its approval. Behaves as upstream's GetAPIApprovalState. */
export function approvalOf(annotations: Readonly<Record<string, string>> = {}): ApprovalState {
  const text = annotations[APPROVED_ANNOTATION] ?? '';
  const needed = `protected groups must have approval annotation ${quote(APPROVED_ANNOTATION)}`;
  const more = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (text === '') return { approval: 'Missing', reason: `${needed}, ${more}` };
  if (text.startsWith('unapproved')) return { approval: 'Bypassed', reason: `not approved: ${quote(text)}` };
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\s]+[^\s]*$/.test(text)) {
    return { approval: 'Approved', reason: `approved in ${text}` };
  }
  return { approval: 'Invalid', reason: `${needed} with either a URL or a reason starting with "unapproved", ${more}` };
}

const PATH = fieldPath('metadata').child('annotations').key(APPROVED_ANNOTATION);

/** Only a state that changes is judged. */
export function validateApproval(next: CustomResourceDefinition, old?: CustomResourceDefinition): FieldError[] {
  if (!isProtectedGroup(next.spec.group)) return [];
  const { approval, reason } = approvalOf(next.metadata.annotations);
  if (old && approvalOf(old.metadata.annotations).approval === approval) return [];
  if (approval === 'Missing') return [required(PATH, reason)];
  return approval === 'Invalid' ? [invalid(PATH, next.metadata.annotations?.[APPROVED_ANNOTATION] ?? '', reason)] : [];
}
