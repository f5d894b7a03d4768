import { does, refuses, type Section } from '../step.js';

const apply: Section = {
  title: 'apply and diff',
  steps: [
    does('apply -f {dir}/bare.yaml', 'configmap/bare created'),
    does('apply -f {dir}/bare.yaml', 'configmap/bare unchanged'),
    refuses('diff -f {dir}/bare-2.yaml', /\+ {2}colour: green/),
    does('diff -f {dir}/bare.yaml', /^$/),
    does('apply -f {dir}/bare-2.yaml --dry-run=server', 'configmap/bare configured (server dry run)'),
    does('apply -f {dir}/bare-2.yaml', 'configmap/bare configured'),
    does('apply view-last-applied configmap/bare', 'colour: green'),
    does('apply set-last-applied -f {dir}/bare.yaml', 'configmap/bare configured'),
    does('apply edit-last-applied configmap/bare', 'configmap/bare edited', {
      env: { KUBE_EDITOR: 'sed -i s/red/yellow/' },
    }),
    does('apply -f {dir}/server.yaml --server-side', 'configmap/server serverside-applied'),
    does('patch configmap server -p {"data":{"colour":"blue"}} --field-manager=other', 'configmap/server patched'),
    refuses('apply -f {dir}/server.yaml --server-side', /conflict with "other"[^]*\.data\.colour/),
    does('apply -f {dir}/server.yaml --server-side --force-conflicts', 'configmap/server serverside-applied'),
    does('diff -f {dir}/server.yaml --server-side', /^$/),
    does('apply -f {dir}/bare.yaml --server-side --force-conflicts', 'configmap/bare serverside-applied'),
    does('apply -f {dir}/pruned --prune -l part={ns}', /configmap\/first created[^]*configmap\/second created/),
    does('apply -f {dir}/pruned/first.yaml --prune -l part={ns}', /configmap\/second pruned/),
    does('apply -n {ns} -f {dir}/pruned --prune --applyset=configmaps/set', 'configmap/second created', {
      env: { KUBECTL_APPLYSET: 'true' },
    }),
    does('apply -n {ns} -f {dir}/pruned/first.yaml --prune --applyset=configmaps/set', 'configmap/second pruned', {
      env: { KUBECTL_APPLYSET: 'true' },
    }),
    does('kustomize {dir}/kustomize', 'name: pre-plain'),
    does('apply -k {dir}/kustomize', 'configmap/pre-plain created'),
    does('delete -k {dir}/kustomize', 'configmap "pre-plain" deleted'),
    refuses('apply -f {dir}/wrong.yaml', 'unknown field "spec.colour"'),
    refuses('apply -f {dir}/nothing.yaml', 'no matches for kind "Nothing" in version "example.com/v1"'),
  ],
};

const patch: Section = {
  title: 'patch, replace, label and annotate',
  steps: [
    does('patch deployment web -p {"spec":{"minReadySeconds":1}}', 'deployment.apps/web patched'),
    does('patch deployment web -p {"spec":{"minReadySeconds":1}}', 'deployment.apps/web patched (no change)', {
      settles: true,
    }),
    does('patch deployment web --type=merge -p {"spec":{"minReadySeconds":0}}', 'deployment.apps/web patched'),
    does(
      'patch configmap settings --type=json -p [{"op":"replace","path":"/data/colour","value":"red"}]',
      /configmap\/settings patched/,
    ),
    does(
      'patch deployment api --subresource=scale --type=merge -p {"spec":{"replicas":2}}',
      'scale.autoscaling/api patched',
    ),
    does(
      'patch node {node} --subresource=status -p {"status":{"capacity":{"example.com/{ns}":"1"}}}',
      'node/{node} patched',
    ),
    does('patch -f {dir}/bare.yaml -p {"data":{"more":"1"}} --dry-run=server -o name', 'configmap/bare'),
    does('patch configmap settings --patch-file={dir}/patch.yaml', 'configmap/settings patched'),
    refuses('patch configmap settings --type=json -p [{"op":"remove","path":"/data/nothing"}]', /is invalid/),
    does('replace -f {dir}/bare-2.yaml', 'configmap/bare replaced'),
    does('replace --force -f {dir}/bare.yaml', /configmap "bare"[^]*deleted[^]*configmap\/bare replaced/),
    does('replace -f {dir}/bare.yaml --dry-run=server', 'configmap/bare replaced (server dry run)'),
    does('replace --raw=/api/v1/namespaces/{ns}/configmaps/raw -f {dir}/raw.json', '"name":"raw"'),
    refuses('replace -f {dir}/absent.yaml', 'configmaps "absent" not found'),
    does('label pod lone stage=one', 'pod/lone labeled'),
    refuses('label pod lone stage=two', "'stage' already has a value (one), and --overwrite is false"),
    does('label pod lone stage=two --overwrite', 'pod/lone labeled'),
    does('label pod lone --list', 'stage=two'),
    does('label pod lone stage-', 'pod/lone unlabeled'),
    does('label pods --all kept=yes --dry-run=server', 'pod/lone labeled (server dry run)'),
    refuses('label pod lone stage=1 --resource-version=1', 'the object has been modified'),
    does('annotate pod lone note=first', 'pod/lone annotate'),
    does('annotate pods -l app=lone note=second --overwrite', 'pod/lone annotate'),
    does('annotate pod lone --list', 'note=second'),
    does('annotate pod lone note-', 'pod/lone annotate'),
  ],
};

export const advanced: readonly Section[] = [apply, patch];
