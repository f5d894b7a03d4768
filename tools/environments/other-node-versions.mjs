import { nodeFolder, VERSIONS } from './nodes.mjs';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export default (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  const uid = machine.uid('ann');
  return VERSIONS.map((version) => {
    const folder = nodeFolder(machine.original, version);
    const command = { expect: 'up', uid, cwd, program: 'node tools/start.mjs', env: { PATH: `${folder}:${PATH}` } };
    const skip = folder ? undefined : 'the registry does not give it';
    return { title: `Node.js ${version}`, skip, ...command };
  });
};
