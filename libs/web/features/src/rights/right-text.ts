import { type Right, rightSubject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';

/** Which right is missing, in a sentence. */
export function missingText(t: Translate, right: Right): string {
  const { verb, namespace, name } = right;
  const subject = rightSubject(right);
  if (namespace) return t('rights.missingIn', { verb, subject, namespace });
  return name ? t('rights.missingOne', { verb, subject, name }) : t('rights.missingAnywhere', { verb, subject });
}

/** The same as a question to the server, to be sent to whoever grants it. */
export function canICommand(right: Right): string {
  const { verb, group, resource, subresource, namespace, name } = right;
  const kind = `${resource}${group && `.${group}`}${name ? `/${name}` : ''}`;
  const flags = [subresource && `--subresource=${subresource}`, namespace ? `-n ${namespace}` : ''];
  return ['kubectl auth can-i', verb, kind, ...flags].filter(Boolean).join(' ');
}
