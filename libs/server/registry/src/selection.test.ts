import { resources } from '@binnacle/apis-kubernetes/kinds';
import { describe, expect, test } from 'vitest';
import { selectionOf } from './selection.js';

const definitionOf = (plural: string) => {
  const found = resources.find(({ names }) => names.plural === plural);
  if (!found) throw new Error(plural);
  return found;
};
const select = (plural: string, fieldSelector: string) => () => selectionOf(definitionOf(plural), { fieldSelector });

describe('fields a kind cannot be selected by', () => {
  test.each([
    ['pods', 'data.x=1', 'field label not supported: data.x'],
    ['nodes', 'metadata.namespace=a', 'field label not supported: metadata.namespace'],
    ['namespaces', 'name=a', 'field label not supported: name'],
    ['jobs', 'spec.x=1', 'field label "spec.x" not supported for Job'],
    ['resourceslices', 'a=1', 'field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: a'],
    ['configmaps', 'data.x=1', '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['priorityclasses', 'value=1', '"value" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['configmaps', 'a"b=1', '"a\\"b" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ])('%s by %s', (plural, selector, message) => {
    expect(select(plural, selector)).toThrow(message);
  });

  test.each([
    ['pods', 'metadata.namespace=a,status.phase!=Running'],
    ['nodes', 'metadata.name=a,spec.unschedulable=true'],
    ['configmaps', 'metadata.name=a,metadata.namespace=b'],
    ['priorityclasses', 'metadata.namespace=b'],
  ])('%s by %s, which it can', (plural, selector) => {
    expect(select(plural, selector)).not.toThrow();
  });
});
