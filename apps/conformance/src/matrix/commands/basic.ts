import { does, refuses, type Section } from '../step.js';

const create: Section = {
  title: 'create, of every generator',
  steps: [
    does('create namespace {ns}', 'namespace/{ns} created'),
    does('config set-context --current --namespace={ns}', /Context ".*" modified/),
    does('create deployment web --image=nginx --replicas=2 --port=80', 'deployment.apps/web created'),
    does('create -f {dir}/ticker.yaml', 'pod/ticker created'),
    does('create configmap settings --from-literal=colour=red --from-file={dir}/motd', 'configmap/settings created'),
    does('create secret generic words --from-literal=a=b', 'secret/words created'),
    does(
      'create secret docker-registry registry --docker-server=example.com --docker-username=u --docker-password=p',
      'secret/registry created',
    ),
    does('create secret tls pair --cert={dir}/tls.crt --key={dir}/tls.key', 'secret/pair created'),
    does('create serviceaccount robot', 'serviceaccount/robot created'),
    does('create token robot --duration=1h', /^ey[\w-]+\.[\w-]+\.[\w-]+/),
    does('create token robot --bound-object-kind=Secret --bound-object-name=words', /^ey[\w-]+\.[\w-]+\.[\w-]+/),
    does(
      'create role reader --verb=get,list --resource=pods,deployments.apps',
      'role.rbac.authorization.k8s.io/reader created',
    ),
    does(
      'create rolebinding readers --role=reader --serviceaccount={ns}:robot',
      'rolebinding.rbac.authorization.k8s.io/readers created',
    ),
    does(
      'create clusterrole {ns}-nodes --verb=get --resource=nodes',
      'clusterrole.rbac.authorization.k8s.io/{ns}-nodes created',
    ),
    does(
      'create clusterrolebinding {ns}-nodes --clusterrole={ns}-nodes --user=jane',
      'clusterrolebinding.rbac.authorization.k8s.io/{ns}-nodes created',
    ),
    does('create quota few --hard=pods=50,configmaps=100', 'resourcequota/few created'),
    does(
      'create poddisruptionbudget web --selector=app=web --min-available=1',
      'poddisruptionbudget.policy/web created',
    ),
    does('create priorityclass {ns}-high --value=1000', 'priorityclass.scheduling.k8s.io/{ns}-high created'),
    does('create ingress web --rule=example.com/*=web:80', 'ingress.networking.k8s.io/web created'),
    does('create job once --image=busybox -- true', 'job.batch/once created'),
    does("create cronjob nightly --image=busybox --schedule='0 3 * * *' -- true", 'cronjob.batch/nightly created'),
    does('create job by-hand --from=cronjob/nightly', 'job.batch/by-hand created'),
    does('create service clusterip one --tcp=80', 'service/one created'),
    does('create service nodeport two --tcp=80', 'service/two created'),
    does('create service loadbalancer three --tcp=80', 'service/three created'),
    does('create service externalname four --external-name=example.com', 'service/four created'),
    does('create configmap never --from-literal=a=b --dry-run=server -o yaml', /name: never[^]*uid: /),
    does('create configmap never --from-literal=a=b --dry-run=client -o name', 'configmap/never'),
    does('create --raw=/api/v1/namespaces/{ns}/configmaps -f {dir}/raw.json', '"name":"raw"'),
    does('create -f {dir}/never.yaml --save-config --dry-run=server', 'created (server dry run)'),
    refuses('create configmap settings', 'configmaps "settings" already exists'),
    refuses('create -f {dir}/wrong.yaml', 'unknown field "spec.colour"'),
    does('create -f {dir}/wrong.yaml --validate=warn --dry-run=server', 'Warning: unknown field "spec.colour"'),
  ],
};

const run: Section = {
  title: 'run, expose and set',
  steps: [
    does('run lone --image=nginx --port=80 --labels=app=lone,tier=front', 'pod/lone created'),
    does('run never --image=nginx --dry-run=server -o name', 'pod/never'),
    does('run once-more --image=busybox --restart=Never --rm --attach -- echo said', /said/),
    does('wait --for=condition=Ready pod/lone pod/ticker --timeout=100s', 'pod/lone condition met'),
    does('create token default --bound-object-kind=Pod --bound-object-name=lone', /^ey[\w-]+\.[\w-]+\.[\w-]+/),
    does('expose deployment web --port=8080 --target-port=80', 'service/web exposed'),
    does('expose pod lone --port=80 --type=NodePort', 'service/lone exposed'),
    refuses('expose deployment web --port=80', 'services "web" already exists'),
    does('rollout status deployment/web --timeout=100s', 'deployment "web" successfully rolled out'),
    does('set image deployment/web nginx=nginx:1.27', 'deployment.apps/web image updated'),
    does('set env deployment/web COLOUR=blue', 'deployment.apps/web env updated'),
    does('set env deployment/web --from=configmap/settings --prefix=S_', 'deployment.apps/web env updated'),
    does('set env deployment/web --list', 'COLOUR=blue'),
    does(
      'set resources deployment/web --limits=cpu=100m,memory=64Mi --requests=cpu=10m,memory=16Mi',
      'deployment.apps/web resource requirements updated',
    ),
    does('set serviceaccount deployment/web robot', 'deployment.apps/web serviceaccount updated'),
    does('set selector service/one app=web', 'service/one selector updated'),
    does(
      'set subject rolebinding/readers --user=jane',
      'rolebinding.rbac.authorization.k8s.io/readers subjects updated',
    ),
    does('rollout status deployment/web --timeout=100s', 'deployment "web" successfully rolled out'),
  ],
};

const edit: Section = {
  title: 'edit and delete',
  steps: [
    does('edit configmap settings', 'configmap/settings edited', { env: { KUBE_EDITOR: 'sed -i s/red/green/' } }),
    does('get configmap settings -o jsonpath={.data.colour}', 'green'),
    does('edit deployment web', 'Edit cancelled, no changes made.', { env: { KUBE_EDITOR: 'true' } }),
    does('edit deployment web --subresource=status', 'Edit cancelled, no changes made.', {
      env: { KUBE_EDITOR: 'true' },
    }),
    does('delete configmap raw', 'configmap "raw" deleted'),
    refuses('delete configmap raw', 'configmaps "raw" not found'),
    does('delete configmap raw --ignore-not-found', /^$/),
    does('delete service one two --dry-run=server', /service "one" deleted.*\(server dry run\)/),
    does('delete service one two three four', 'service "four" deleted'),
    does('delete pod ticker --now', 'pod "ticker" deleted'),
    does('delete job once by-hand --cascade=foreground', 'job.batch "once" deleted'),
    does('delete --raw=/api/v1/namespaces/{ns}/secrets/registry', '"status":"Success"'),
    does('delete -f {dir}/bare.yaml', 'configmap "bare" deleted'),
    does('run gone --image=busybox -- sleep 1000', 'pod/gone created'),
    does('delete pod gone --grace-period=0 --force', 'pod "gone" force deleted'),
    does('delete pods -l app=nobody', 'No resources found'),
    does('delete deployment api --cascade=orphan', 'deployment.apps "api" deleted'),
    does('delete replicasets -l app=api', /replicaset.apps "api-\w+" deleted/),
    does('delete ingress --all', 'ingress.networking.k8s.io "web" deleted'),
  ],
};

export const basic: readonly Section[] = [create, run];
export const endings: readonly Section[] = [edit];
