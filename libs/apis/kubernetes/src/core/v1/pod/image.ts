/** The tag of an image reference: `latest` where none is written and no digest pins it, `''` where only a digest does. */
export function imageTag(reference: string): string {
  const [name = '', digest] = reference.split('@', 2);
  const lastSegment = name.slice(name.lastIndexOf('/') + 1);
  const colon = lastSegment.indexOf(':');
  if (colon >= 0) return lastSegment.slice(colon + 1);
  return digest || !name ? '' : 'latest';
}

export function defaultPullPolicy(reference: string): 'Always' | 'IfNotPresent' {
  return imageTag(reference) === 'latest' ? 'Always' : 'IfNotPresent';
}
