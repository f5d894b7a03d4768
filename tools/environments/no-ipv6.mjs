import { writeFileSync } from 'node:fs';

export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  for (const name of ['all', 'default', 'lo']) writeFileSync(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, '1');
  return [{ title: 'no IPv6', expect: 'up', uid: machine.uid('ann'), cwd }];
};
