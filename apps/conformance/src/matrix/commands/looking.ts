import { does, refuses, type Section } from '../step.js';

/** Some kubectls lose what comes over a WebSocket before they have made all its streams, and say so. */
const LOSES = { settles: true } as const;

const looking: Section = {
  title: 'logs, exec, attach, cp, port-forward, proxy, debug and events',
  steps: [
    does('logs ticker --tail=1', 'tick', { settles: true }),
    does('logs ticker --timestamps --since=1h --limit-bytes=60', /^\d{4}-\d\d-\d\dT[\d:.]+Z tick/),
    does('logs -l app=ticker --prefix --all-containers', '[pod/ticker/ticker] tick'),
    does('logs -f ticker', /tick\ntick\n/, { goesOn: true }),
    does('logs deployment/web --tail=1', /^/),
    refuses('logs ticker --previous', 'previous terminated container "ticker" in pod "ticker" not found'),
    refuses('logs ticker -c nobody', 'container nobody is not valid for pod ticker'),
    does('exec lone -- hostname', /^lone\n$/, LOSES),
    does('exec -i lone -- cat', /^typed$/, { input: 'typed', ...LOSES }),
    does('exec deployment/web -- hostname', /^web-/, LOSES),
    refuses("exec lone -- sh -c 'exit 3'", 'command terminated with exit code 3', LOSES),
    does('attach ticker', 'tick', { goesOn: true }),
    does('cp {dir}/motd lone:/tmp/motd', /^$/, LOSES),
    does('exec lone -- cat /tmp/motd', /^Good day\n$/, LOSES),
    does('cp lone:/tmp/motd {dir}/back', /^$|tar: /, LOSES),
    does('port-forward pod/lone :80', 'Forwarding from 127.0.0.1:', { goesOn: true }),
    does('port-forward service/web :8080', 'Forwarding from 127.0.0.1:', { goesOn: true }),
    does('proxy --port=0', 'Starting to serve on 127.0.0.1:', { goesOn: true }),
    does('debug lone --image=busybox --container=look -- true', /^/),
    does('get pod lone -o jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.exitCode}', /^0$/, {
      settles: true,
    }),
    does('debug lone --image=busybox --copy-to=lone-copy --share-processes -- true', /^/),
    does('debug lone --copy-to=lone-other --set-image=*=nginx:1.26', /^/),
    does('get pod lone-other -o jsonpath={..image}', 'nginx:1.26'),
    does('debug node/{node} --image=busybox -- true', 'Creating debugging pod node-debugger-{node}'),
    does('events', /LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/),
    does('events --for=pod/lone', 'Pod/lone'),
    does('events --types=Normal', 'Normal'),
    does('events -A', 'NAMESPACE'),
    does('events -w', 'Scheduled', { goesOn: true }),
  ],
};

const auth: Section = {
  title: 'auth and certificate',
  steps: [
    does('auth can-i create pods', /^yes\n/),
    does('auth can-i get nodes/proxy', 'yes'),
    does('auth can-i --list', /Resources +Non-Resource URLs +Resource Names +Verbs/),
    does('auth can-i get /healthz', 'yes'),
    does('auth whoami', /Username +\S+[^]*Groups +\[/, { since: 28 }),
    does('auth reconcile -f {dir}/rbac.yaml', 'role.rbac.authorization.k8s.io/reconciled reconciled'),
    does('auth reconcile -f {dir}/rbac.yaml --dry-run=client', 'reconciled'),
    does('create -f {dir}/csr.yaml', 'certificatesigningrequest.certificates.k8s.io/{ns}-good created'),
    does('get csr {ns}-good', /REQUESTOR +REQUESTEDDURATION +CONDITION\n.*Pending/),
    does('certificate approve {ns}-good', 'certificatesigningrequest.certificates.k8s.io/{ns}-good approved'),
    does('certificate deny {ns}-bad', 'certificatesigningrequest.certificates.k8s.io/{ns}-bad denied'),
    does('get csr {ns}-good {ns}-bad', /Approved[^]*Denied/),
    refuses('certificate deny {ns}-good', /already approved|may not be|Approved/),
    does('describe csr {ns}-good', /Status: +Approved/),
    does('delete csr {ns}-good {ns}-bad', '{ns}-bad" deleted'),
  ],
};

export const lookingAt: readonly Section[] = [looking, auth];
