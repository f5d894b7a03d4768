import { does, type Section } from '../step.js';

const server: Section = {
  title: 'cluster-info, api-resources, api-versions, version and top',
  steps: [
    does('cluster-info', 'Kubernetes control plane'),
    does('cluster-info dump --namespaces={ns} --output-directory={dir}/dump', /Cluster info dumped to|^$/),
    does(
      'api-resources',
      /NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n[^]*statefulsets +sts +apps\/v1 +true +StatefulSet/,
    ),
    does('api-resources -o wide --api-group=apps', /VERBS +CATEGORIES\n[^]*deployments .* all/),
    does('api-resources --namespaced=false -o name', /^nodes$/m),
    does('api-resources --verbs=list --categories=all -o name', 'cronjobs.batch'),
    does('api-versions', /^resource.k8s.io\/v1$/m),
    does('version', /Server Version:/),
    does('version -o json', '"serverVersion"'),
    does('top nodes', /NAME +CPU\(cores\) +CPU.* +MEMORY\(bytes\)/, { settles: true }),
    does('top pods', /NAME +CPU\(cores\) +MEMORY\(bytes\)/, { settles: true }),
    does('kuberc set --section=defaults --command=top --option=no-headers=true', /^/, { since: 36 }),
    does('kuberc view', 'name: no-headers', { since: 36 }),
    does('options', 'The following options can be passed to any command'),
  ],
};

const own = (command: string) => `config ${command} --kubeconfig={dir}/config`;

const config: Section = {
  title: 'config',
  steps: [
    does(own('view'), /kind: Config/),
    does(own('view --minify --raw -o json'), '"current-context"'),
    does(own('set-cluster other --server=https://127.0.0.1:1'), 'Cluster "other" set.'),
    does(own('set-credentials other --token=t'), 'User "other" set.'),
    does(own('set-context other --cluster=other --user=other --namespace=n'), 'Context "other" created.'),
    does(own('get-clusters'), 'other'),
    does(own('get-users'), 'other'),
    does(own('get-contexts'), /CURRENT +NAME +CLUSTER +AUTHINFO +NAMESPACE/),
    does(own('use-context other'), 'Switched to context "other".'),
    does(own('current-context'), /^other\n$/),
    does(own('set contexts.other.namespace m'), 'Property "contexts.other.namespace" set.'),
    does(own('unset contexts.other.namespace'), 'Property "contexts.other.namespace" unset.'),
    does(own('rename-context other another'), 'Context "other" renamed to "another".'),
    does(own('delete-context another'), 'deleted context another'),
    does(own('delete-cluster other'), 'deleted cluster other'),
    does(own('delete-user other'), 'deleted user other'),
  ],
};

const completion: Section = {
  title: 'completion and plugin',
  steps: [
    does('completion bash', 'complete '),
    does('completion zsh', '#compdef kubectl'),
    does('completion fish', 'complete -c kubectl'),
    does('completion powershell', 'Register-ArgumentCompleter'),
    does("__complete get pods ''", 'lone'),
    does("__complete get pods -n ''", '{ns}'),
    does("__complete exec lone -c ''", 'lone'),
    does('plugin list', '{dir}/kubectl-hello', { env: { PATH: '{dir}:/usr/bin:/bin' } }),
    does('hello', 'hello from a plugin', { env: { PATH: '{dir}:/usr/bin:/bin' } }),
  ],
};

export const settings: readonly Section[] = [server, config, completion];
