import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate } from '@binnacle/apis-registry';
import type { Container, ContainerStatus, Pod, PodStatus } from '../index.js';
import { pods } from './definition.js';

const again = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];

function stored(restartPolicy: string, status: PodStatus = {}, own: Partial<Container> = {}): Pod {
  const spec = { restartPolicy, containers: [{ name: 'c', image: 'nginx', ...own }] };
  const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'ns' }, spec };
  const { object } = rehearseCreate(pods, pod);
  return { ...object, status: { ...object.status, ...status } };
}

const container = (state: ContainerStatus['state']): ContainerStatus => ({
  name: 'c',
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...(state && { state }),
});
const ended = (exitCode: number): PodStatus => ({ containerStatuses: [container({ terminated: { exitCode } })] });
const running: PodStatus = { containerStatuses: [container({ running: {} })] };
const revived = 'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state';

describe('the status of a Pod', () => {
  it.each<[reason: string, old: Pod, status: PodStatus, expected: string[]]>([
    ['a container that always restarts may run again', stored('Always', ended(0)), running, []],
    ['one that never does may not', stored('Never', ended(1)), running, [revived]],
    ['one that failed may, where it restarts on failure', stored('OnFailure', ended(1)), running, []],
    ['one that did its work may not', stored('OnFailure', ended(0)), running, [revived]],
    [
      'one may that its own rule runs again',
      stored('Never', ended(42), { restartPolicy: 'Never', restartPolicyRules: again }),
      running,
      [],
    ],
    [
      'but not after another exit code',
      stored('Never', ended(1), { restartPolicy: 'Never', restartPolicyRules: again }),
      running,
      [revived],
    ],
    [
      'and after any, where a container can begin all of its Pod again',
      stored('Never', ended(0), {
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }],
      }),
      running,
      [],
    ],
    [
      'the class of service is for life',
      stored('Always'),
      { qosClass: 'Guaranteed' },
      ['status.qosClass: Invalid value: "Guaranteed": field is immutable'],
    ],
    ['a Pod has one address of each family', stored('Always'), { podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] }, []],
    [
      'and not two',
      stored('Always'),
      { podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] },
      ['status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]: may specify no more than one IP'],
    ],
    ['addresses are addresses', stored('Always'), { podIPs: [{ ip: 'x' }] }, ['status.podIPs[0]: Invalid value: "x"']],
    [
      'the first address of the node is its address',
      stored('Always'),
      { hostIP: '10.0.0.1', hostIPs: [{ ip: '10.0.0.2' }] },
      ['status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`'],
    ],
    [
      'conditions have names',
      stored('Always'),
      { conditions: [{ type: 'a b', status: 'True' }] },
      ['metadata.conditions[0].Type: Invalid value: "a b"'],
    ],
  ])('%s', (_reason, old, status, expected) => {
    const { errors } = rehearseStatusUpdate(pods, { ...old, status: { ...old.status, ...status } }, old);
    const found = errors.map(({ field, message }) => `${field}: ${message}`);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });

  it('leaves the spec and the owners alone', () => {
    const old = stored('Always');
    const next: Pod = { ...old, spec: { containers: [] }, metadata: { ...old.metadata, ownerReferences: [] } };
    expect(rehearseStatusUpdate(pods, next, old).object).toEqual(old);
  });
});
