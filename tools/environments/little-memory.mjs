export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  const uid = machine.uid('ann');
  return [
    { title: '1 GiB of memory', expect: 'up', uid, cwd, before: () => machine.limitMemory(1024 ** 3) },
    {
      title: '256 MiB of memory',
      expect: /memory/,
      uid,
      cwd,
      before: () => machine.limitMemory(256 * 1024 ** 2),
    },
  ];
};
