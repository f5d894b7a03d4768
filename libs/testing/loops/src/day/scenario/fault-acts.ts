import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { newServiceUnavailable } from '@binnacle/machinery-meta';
import type { Machine } from '../cluster/machine.js';
import { drain, evict } from './drain.js';
import { type Act, MINUTE, type Stage } from './stage.js';
import { one } from './workload-acts.js';

/** So many machines may be in trouble at once. */
const MOST = 2;

/** A machine that is well, unless too many are not. */
function well(stage: Stage): Machine | undefined {
  const ill = [...stage.faults].filter((name) => name.startsWith('machine ')).length;
  if (ill >= MOST) return undefined;
  const all = [...stage.cluster.machines.values()].filter(({ name }) => !stage.faults.has(`machine ${name}`));
  return stage.random.pick(all);
}

const nodeNamed = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });

/** Begins trouble with a machine that is over after so many minutes. */
function trouble(
  begin: (stage: Stage, machine: Machine) => Promise<void> | void,
  minutes: [number, number],
  end: (stage: Stage, machine: Machine) => Promise<void> | void,
) {
  return async (stage: Stage): Promise<boolean> => {
    const machine = well(stage);
    if (!machine) return false;
    stage.fault(`machine ${machine.name}`, stage.between(...minutes) * MINUTE, () => end(stage, machine));
    await begin(stage, machine);
    return true;
  };
}

const broken = (stage: Stage) => (what: string) => void stage.unexpected.push(what);

const powerCut = trouble(
  (_, machine) => machine.powerOff(),
  [1, 25],
  (_, machine) => machine.powerOn(),
);

const unplugged = trouble(
  (_, machine) => machine.unplug(),
  [1, 15],
  (_, machine) => machine.plugIn(),
);

/** The machine is given up, and comes back as a new one. */
const nodeDeleted = trouble(
  async (stage, machine) => {
    machine.powerOff();
    await stage.delete(nodeNamed(machine.name), refs.nodes);
  },
  [5, 20],
  (_, machine) => machine.powerOn(),
);

const maintenance = trouble(
  async (stage, machine) => {
    await stage.change(nodeNamed(machine.name), refs.nodes, { spec: { unschedulable: true } });
    stage.aside(() => drain(stage, machine.name, broken(stage)));
  },
  [12, 25],
  async (stage, machine) => {
    machine.powerOff();
    machine.powerOn();
    await stage.insist(() => stage.change(nodeNamed(machine.name), refs.nodes, { spec: { unschedulable: false } }));
  },
);

const TAINT = 'day.binnacle.dev/out';

async function setTaint(stage: Stage, { name }: Machine, out: boolean): Promise<boolean> {
  const node = stage.cluster.view.get<Node>(refs.nodes, name);
  const others = (node?.spec?.taints ?? []).filter(({ key }) => key !== TAINT);
  const taints = out ? [...others, { key: TAINT, effect: 'NoExecute' }] : others;
  return await stage.change(nodeNamed(name), refs.nodes, {
    metadata: { resourceVersion: node?.metadata.resourceVersion },
    spec: { taints },
  });
}

const tainted = trouble(
  async (stage, machine) => void (await setTaint(stage, machine, true)),
  [3, 12],
  (stage, machine) => stage.insist(() => setTaint(stage, machine, false)),
);

const lag = trouble(
  (stage, machine) => stage.cluster.api.hold(new RegExp(`spec\\.nodeName(=|%3D)${machine.name}\\b`)),
  [1, 4],
  (stage) => stage.cluster.api.hold(undefined),
);

async function restartKubelet(stage: Stage): Promise<boolean> {
  const machine = well(stage);
  if (!machine?.isHeard) return false;
  machine.restartKubelet();
  return true;
}

/** The API server ends, is away for a while or not at all, and begins anew. */
async function restartApi(stage: Stage): Promise<boolean> {
  const { api } = stage.cluster;
  if (stage.faults.has('api')) return false;
  api.restart();
  api.befall(() => newServiceUnavailable('the server begins'));
  stage.fault('api', stage.random.pick([10, 1_000, 30_000, 90_000]), () => api.befall(() => undefined));
  return true;
}

/** For some seconds what is written is written, and nobody hears that it was. */
async function loseAnswers(stage: Stage): Promise<boolean> {
  const { api } = stage.cluster;
  if (stage.faults.has('answers')) return false;
  const { random } = stage;
  api.loseAnswers(({ method, streaming }) => method !== 'GET' && !streaming && random.chance(0.3));
  stage.fault('answers', stage.between(2, 20) * 1_000, () => api.loseAnswers(undefined));
  return true;
}

async function forgetHistory(stage: Stage): Promise<boolean> {
  const { api } = stage.cluster;
  await api.forgetHistory();
  api.breakWatches();
  return true;
}

function restart(which: 'manager' | 'scheduler') {
  return async (stage: Stage): Promise<boolean> => {
    const program = stage.cluster[which];
    if (!program.isRunning) return false;
    stage.fault(which, stage.random.pick([100, 5_000, 90_000]), () => program.start());
    void program.stop();
    return true;
  };
}

/** Several Pods of one application are evicted in the same moment. */
async function evictMany(stage: Stage): Promise<boolean> {
  const found = one<Pod>(stage, refs.pods, ({ metadata }) => metadata.labels?.app !== undefined);
  if (!found) return false;
  const siblings = stage.cluster.view
    .list<Pod>(refs.pods, found.metadata.namespace)
    .filter(({ metadata }) => metadata.labels?.app === found.metadata.labels?.app && !metadata.deletionTimestamp);
  await evict(stage, siblings, broken(stage));
  return true;
}

export const faultActs: readonly Act[] = [
  { name: 'power cut', weight: 3, play: powerCut },
  { name: 'network cut', weight: 3, play: unplugged },
  { name: 'node deleted', weight: 1, play: nodeDeleted },
  { name: 'maintenance', weight: 2, play: maintenance },
  { name: 'taint', weight: 1, play: tainted },
  { name: 'kubelet lags', weight: 2, play: lag },
  { name: 'kubelet restarts', weight: 3, play: restartKubelet },
  { name: 'API server restarts', weight: 3, play: restartApi },
  { name: 'answers lost', weight: 2, play: loseAnswers },
  { name: 'history forgotten', weight: 1, play: forgetHistory },
  { name: 'controller manager restarts', weight: 2, play: restart('manager') },
  { name: 'scheduler restarts', weight: 2, play: restart('scheduler') },
  { name: 'evictions', weight: 4, play: evictMany },
];
