import { chownSync, mkdirSync } from 'node:fs';

export default (machine) => {
  const home = '/home/安 娜';
  mkdirSync(home);
  chownSync(home, machine.uid('ann'), machine.uid('ann'));
  const cwd = machine.checkout(`${home}/my 项目/binnacle (copy)`, { owner: 'ann' });
  machine.parentsOf(cwd, 'ann');
  return [
    {
      title: 'a path with spaces and Chinese letters',
      expect: 'up',
      uid: machine.uid('ann'),
      cwd,
      env: { HOME: home },
    },
  ];
};
