export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  const uid = machine.uid('ann');
  return [
    { title: '1,024 open files, soft and hard', expect: 'up', uid, cwd, limits: 'ulimit -Hn 1024; ulimit -Sn 256;' },
    { title: '128 open files', expect: /open files.*ulimit -n/, uid, cwd, limits: 'ulimit -n 128;' },
  ];
};
