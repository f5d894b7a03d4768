export default (machine) => {
  machine.home('ann', 0o750);
  const cwd = machine.checkout('/home/ann/binnacle', { owner: 'ann' });
  return [{ title: 'a normal user, in a home of mode 0750', expect: 'up', uid: machine.uid('ann'), cwd }];
};
