import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../configuration/read-configuration.js';
import type { KubeSchedulerProfile } from '../configuration/types.js';
import { findNodes } from '../engine/find-nodes.js';
import { prioritySort } from '../plugins/priority-sort/priority-sort.js';
import { cluster, info, node } from '../testing/builders.js';
import { sharedState } from '../testing/shared-state.js';
import { buildFramework } from './build-framework.js';
import type { Handle } from './handle.js';
import type { FilterPlugin, PreFilterResult } from './plugin.js';
import { plugin, type Registry } from './registry.js';
import { unresolvable } from './rejection.js';

const view = cluster([node('a'), node('b')]);
const answer: PreFilterResult = { nodes: new Set(['a']), filter: () => unresolvable('filtered') };
const made: string[] = [];

class Looking implements FilterPlugin {
  constructor(
    readonly name: string,
    private readonly said: PreFilterResult,
  ) {
    made.push(name);
  }

  preFilter() {
    return this.said;
  }
}

const registry: Registry = {
  Sort: plugin(['queueSort'], () => prioritySort),
  Bind: plugin(['bind'], () => ({ name: 'Bind', bind: async () => true })),
  Both: plugin(['preFilter', 'filter'], () => new Looking('Both', answer)),
  Rejects: plugin(['preFilter', 'filter'], () => new Looking('Rejects', { rejection: unresolvable('rejected') })),
  Filter: plugin(['filter', 'permit'], () => ({
    name: 'Filter',
    preFilter: () => undefined,
    permit: () => undefined,
    eventsToRegister: () => [],
  })),
  Scores: plugin(['score'], (_, { foreignArgs }) => ({
    name: `Scores ${JSON.stringify(foreignArgs.get('Scores'))}`,
    preScore: () => 1,
  })),
};

function build(plugins: string, pluginConfig = '[]') {
  const base = 'disabled: [{name: "*"}], enabled: [{name: Sort}, {name: Bind}';
  const text = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles: [{schedulerName: s, pluginConfig: ${pluginConfig}, plugins: ${plugins.replace('BASE', base)}}]`;
  const profile = readConfiguration(text).profiles[0] as KubeSchedulerProfile;
  return buildFramework(profile, registry, { shared: sharedState(view) } as unknown as Handle);
}

const textsOf = (plugins: string) => {
  const { rejections } = findNodes(info('p'), view, build(plugins).filters);
  return [0, 1].map((row) => rejections.get(row)?.reasons[0]);
};

describe('a plugin of PreFilter and Filter', () => {
  test.each<[string, string, (string | undefined)[]]>([
    ['stands at both', '{multiPoint: {BASE, {name: Both}]}}', ['filtered', "node(s) didn't satisfy plugin(s) [Both]"]],
    [
      'stands at PreFilter alone',
      '{multiPoint: {BASE, {name: Both}]}, filter: {disabled: [{name: Both}]}}',
      [undefined, "node(s) didn't satisfy plugin(s) [Both]"],
    ],
    [
      'stands at Filter alone',
      '{multiPoint: {BASE, {name: Both}]}, preFilter: {disabled: [{name: Both}]}}',
      ['filtered', 'filtered'],
    ],
    ['rejects at PreFilter', '{multiPoint: {BASE, {name: Rejects}]}}', ['rejected', 'rejected']],
    [
      'and rejects no more where that is turned off',
      '{multiPoint: {BASE, {name: Rejects}]}, preFilter: {disabled: [{name: Rejects}]}}',
      [undefined, undefined],
    ],
  ])('%s', (_, plugins, expected) => expect(textsOf(plugins)).toEqual(expected));
});

test('each plugin is made once, however many points it stands at', () => {
  made.length = 0;
  const { filters, profileName } = build('{multiPoint: {BASE, {name: Both}, {name: Filter}]}}');
  expect([made, filters.map(({ name }) => name), profileName]).toEqual([['Both'], ['Both', 'Filter'], 's']);
});

test('one that says nothing of events wakes by all, and those that reject nobody are not asked', () => {
  const event = { resource: 'DeviceClass', action: 'Add' } as const;
  expect(build('{multiPoint: {BASE, {name: Both}]}}').hints.concerns(event)).toBe(true);
  expect(build('{multiPoint: {BASE, {name: Filter}, {name: Scores}]}}').hints.concerns(event)).toBe(false);
});

test('plugins that are not ours are given what was written for them', () => {
  const { scores } = build('{multiPoint: {BASE, {name: Scores, weight: 4}]}}', '[{name: Scores, args: {a: 1}}]');
  expect(scores.map(({ plugin: { name }, weight }) => [name, weight])).toEqual([['Scores {"a":1}', 4]]);
});
