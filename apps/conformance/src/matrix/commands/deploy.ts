import { does, refuses, type Section } from '../step.js';

const rollout: Section = {
  title: 'rollout, scale and autoscale',
  steps: [
    does('create deployment api --image=nginx:1.26 --replicas=1', 'deployment.apps/api created'),
    does('rollout status deployment/api --timeout=100s', 'successfully rolled out'),
    does('rollout pause deployment/api', 'deployment.apps/api paused'),
    refuses('rollout pause deployment/api', 'already paused'),
    does('set image deployment/api nginx=nginx:1.27', 'deployment.apps/api image updated'),
    does('rollout resume deployment/api', 'deployment.apps/api resumed'),
    does('rollout status deployment/api --timeout=100s', 'successfully rolled out'),
    does('rollout history deployment/api', /REVISION +CHANGE-CAUSE\n1 [^]*2 /, { settles: true }),
    does('rollout history deployment/api --revision=2', /Image:\s+nginx:1.27/),
    does('rollout restart deployment/api', 'deployment.apps/api restarted'),
    does('rollout status deployment/api --timeout=100s', 'successfully rolled out'),
    does('rollout undo deployment/api --to-revision=1', 'deployment.apps/api rolled back'),
    does('rollout status deployment/api --timeout=100s', 'successfully rolled out'),
    does('get deployment api -o jsonpath={..image}', /^nginx:1.26$/),
    does('rollout undo deployment/api --dry-run=server', 'deployment.apps/api rolled back (server dry run)'),
    refuses('rollout undo deployment/api --to-revision=99', 'unable to find specified revision 99'),
    does('scale deployment api --replicas=2', 'deployment.apps/api scaled'),
    does('scale deployment api --replicas=1 --current-replicas=2', 'deployment.apps/api scaled'),
    refuses('scale deployment api --replicas=3 --current-replicas=9', /[Ee]xpected replicas to be 9, was 1/),
    does('create -f {dir}/ticker-rs.yaml', 'replicaset.apps/ticker-rs created'),
    does('scale -f {dir}/ticker-rs.yaml --replicas=1', 'replicaset.apps/ticker-rs scaled'),
    does('autoscale deployment web --min=1 --max=3', 'horizontalpodautoscaler.autoscaling/web autoscaled'),
    does('get hpa web', /NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment\/web/),
    does('describe hpa web', /Min replicas: +1/),
    does('delete hpa web', 'horizontalpodautoscaler.autoscaling "web" deleted'),
  ],
};

const wait: Section = {
  title: 'wait',
  steps: [
    does('wait --for=condition=Available deployment/api --timeout=100s', 'deployment.apps/api condition met'),
    does("wait --for=jsonpath='{.status.readyReplicas}'=2 deployment/web --timeout=100s", 'condition met'),
    does('wait --for=condition=Ready pods -l app=lone --timeout=100s', 'pod/lone condition met'),
    does('wait --for=delete pod/missing --timeout=100s', /^$|condition met|not found/),
    does('wait --for=create configmap/settings --timeout=100s', 'condition met', { since: 31 }),
    refuses('wait --for=condition=Nothing pod/lone --timeout=1s', 'timed out waiting for the condition'),
    refuses('wait --for=condition=Ready pod/missing --timeout=1s', 'pods "missing" not found'),
  ],
};

export const deploy: readonly Section[] = [rollout, wait];
