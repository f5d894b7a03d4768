import type { Check, CheckPod } from '../check.js';

const SINCE_0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SINCE_27 = [...SINCE_0, 'net.ipv4.ip_local_reserved_ports'];
const SINCE_29 = [
  ...SINCE_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SINCE_32 = [...SINCE_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

const checkSysctls =
  (allowed: readonly string[]): CheckPod =>
  ({ securityContext }) => {
    const bad = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.includes(name));
    return bad.length > 0 ? { reason: 'forbidden sysctls', detail: bad.join(', ') } : undefined;
  };

/** Of the kernel's settings, those that are a Pod's own. */
export const SYSCTL_CHECKS: readonly Check[] = [
  {
    id: 'sysctls',
    level: 'baseline',
    versions: [
      { since: 0, check: checkSysctls(SINCE_0) },
      { since: 27, check: checkSysctls(SINCE_27) },
      { since: 29, check: checkSysctls(SINCE_29) },
      { since: 32, check: checkSysctls(SINCE_32) },
    ],
  },
];
