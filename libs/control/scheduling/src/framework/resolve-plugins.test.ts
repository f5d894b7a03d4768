import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../configuration/read-configuration.js';
import type { KubeSchedulerProfile } from '../configuration/types.js';
import { IN_TREE_PLUGINS } from '../plugins/registry.js';
import { plugin, type Registry } from './registry.js';
import { resolvePlugins } from './resolve-plugins.js';

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
const profileOf = (plugins: string) =>
  readConfiguration(`${head}profiles: [{plugins: ${plugins}}]`).profiles[0] as KubeSchedulerProfile;
const registry: Registry = {
  ...IN_TREE_PLUGINS,
  Mine: plugin(['filter'], () => ({ name: 'Mine', preFilter: () => undefined })),
};
const resolve = (plugins = '{}') => resolvePlugins(profileOf(plugins), registry);

describe('by default', () => {
  const { points, weights } = resolve();

  test('plugins stand in upstream’s order', () => {
    expect(points.filter).toEqual([
      'NodeUnschedulable',
      'NodeName',
      'TaintToleration',
      'NodeAffinity',
      'NodePorts',
      'NodeResourcesFit',
      'VolumeRestrictions',
      'NodeVolumeLimits',
      'VolumeBinding',
      'VolumeZone',
      'PodTopologySpread',
      'InterPodAffinity',
      'DynamicResources',
      'NodeDeclaredFeatures',
    ]);
    expect(points).toMatchObject({
      preEnqueue: ['SchedulingGates', 'DynamicResources', 'DefaultPreemption'],
      queueSort: ['PrioritySort'],
      postFilter: ['DynamicResources', 'DefaultPreemption'],
      reserve: ['VolumeBinding', 'DynamicResources'],
      permit: [],
      preBind: ['VolumeBinding', 'DynamicResources'],
      bind: ['DefaultBinder'],
      postBind: ['DynamicResources'],
    });
  });

  test('scores weigh what upstream has them weigh', () => {
    expect(Object.fromEntries(weights)).toEqual({
      TaintToleration: 3,
      NodeAffinity: 2,
      NodeResourcesFit: 1,
      PodTopologySpread: 2,
      InterPodAffinity: 2,
      DynamicResources: 2,
      NodeResourcesBalancedAllocation: 1,
      ImageLocality: 1,
    });
  });
});

describe('a profile', () => {
  test('turns one off at one point, and leaves it at the others', () => {
    const { points } = resolve('{score: {disabled: [{name: NodeResourcesFit}]}}');
    expect(points.score).not.toContain('NodeResourcesFit');
    expect(points.filter).toContain('NodeResourcesFit');
  });

  test('turns one off everywhere', () => {
    const { points } = resolve('{multiPoint: {disabled: [{name: NodeResourcesFit}]}}');
    expect([points.score, points.preScore, points.filter, points.preFilter].flat()).not.toContain('NodeResourcesFit');
  });

  test('turns all off at a point but those it names', () => {
    const { points, weights } = resolve(
      '{score: {disabled: [{name: "*"}], enabled: [{name: ImageLocality, weight: 7}]}}',
    );
    expect([points.score, [...weights]]).toEqual([['ImageLocality'], [['ImageLocality', 7]]]);
  });

  test('weighs anew, at the point before everywhere', () => {
    const everywhere = '{multiPoint: {enabled: [{name: NodeAffinity, weight: 5}]}}';
    expect(resolve(everywhere).weights.get('NodeAffinity')).toBe(5);
    expect(resolve(everywhere).points.filter.indexOf('NodeAffinity')).toBe(3);
    const both =
      '{score: {enabled: [{name: NodeAffinity, weight: 9}]}, multiPoint: {enabled: [{name: NodeAffinity, weight: 5}]}}';
    expect(resolve(both).weights.get('NodeAffinity')).toBe(9);
  });

  test('puts what it names itself first, and what is new last', () => {
    const { points } = resolve('{filter: {enabled: [{name: Mine}, {name: NodeName}]}}');
    expect(points.filter.slice(0, 2)).toEqual(['NodeName', 'NodeUnschedulable']);
    expect(points.filter.at(-1)).toBe('Mine');
  });

  test('replaces what is on by default', () => {
    const { points } = resolve(
      '{multiPoint: {disabled: [{name: "*"}], enabled: [{name: PrioritySort}, {name: DefaultBinder}]}}',
    );
    expect(Object.values(points).flat()).toEqual(['PrioritySort', 'DefaultBinder']);
  });

  test.each<[string, string]>([
    ['{filter: {enabled: [{name: None}]}}', 'FilterPlugin "None" does not exist'],
    ['{filter: {enabled: [{name: constructor}]}}', 'FilterPlugin "constructor" does not exist'],
    ['{multiPoint: {enabled: [{name: None}]}}', 'PreEnqueuePlugin "None" does not exist'],
    ['{bind: {enabled: [{name: Mine}]}}', 'plugin "Mine" does not extend BindPlugin plugin'],
    ['{filter: {enabled: [{name: Mine}, {name: Mine}]}}', 'plugin "Mine" already registered as "FilterPlugin"'],
    ['{multiPoint: {enabled: [{name: Mine}, {name: Mine}]}}', 'plugin "Mine" already registered as "FilterPlugin"'],
    [
      '{bind: {disabled: [{name: "*"}]}}',
      'at least one bind plugin is needed for profile with scheduler name "default-scheduler"',
    ],
    [
      '{queueSort: {disabled: [{name: "*"}]}}',
      'only one queue sort plugin required for profile with scheduler name "default-scheduler", but got 0',
    ],
  ])('%s is refused', (plugins, message) => {
    expect(() => resolve(plugins)).toThrow(
      `initializing profiles: creating profile for scheduler name default-scheduler: ${message}`,
    );
  });
});
