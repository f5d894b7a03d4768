// How long the API server's event loop stood still, seen from inside it through its inspector.
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

const RESOLUTION = 5;
const START = `(() => {
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
  globalThis.__delay?.disable();
  globalThis.__delay = monitorEventLoopDelay({ resolution: ${RESOLUTION} });
  globalThis.__delay.enable();
  clearInterval(globalThis.__tick);
  let before = process.cpuUsage();
  globalThis.__cpu = 0;
  globalThis.__tick = setInterval(() => {
    const { user, system } = process.cpuUsage();
    globalThis.__cpu = Math.max(globalThis.__cpu, (user + system - before.user - before.system) / 1e3);
    before = { user, system };
  }, ${RESOLUTION});
})()`;
const READ = `(() => {
  const most = { stop: globalThis.__delay.max / 1e6, cpu: globalThis.__cpu };
  globalThis.__delay.reset();
  globalThis.__cpu = 0;
  return most;
})()`;

async function inspectorOf(pid) {
  process._debugProcess(pid);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      const [target] = await (await fetch('http://127.0.0.1:9229/json/list')).json();
      return target.webSocketDebuggerUrl;
    } catch {
      await pause(50);
    }
  }
  throw new Error(`process ${pid} opens no inspector at 127.0.0.1:9229; is the port taken?`);
}

/**
 * Watches a process; `longestStop` answers milliseconds since it was last asked: how long nothing was looked at, and the most
 * processor time that was used between two looks, which does not grow with what else the machine does.
 */
export async function watchEventLoop(pid) {
  const socket = new WebSocket(await inspectorOf(pid));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let sent = 0;
  const evaluate = (expression) =>
    new Promise((resolve) => {
      const id = ++sent;
      const listen = (data) => {
        const answer = JSON.parse(data);
        if (answer.id !== id) return;
        socket.off('message', listen);
        resolve(answer.result?.result?.value);
      };
      socket.on('message', listen);
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }));
    });
  await evaluate(START);
  return {
    longestStop: async () => {
      const { stop, cpu } = await evaluate(READ);
      return { stop: Math.max(0, Math.round(stop - RESOLUTION)), cpu: Math.round(cpu) };
    },
    close: () => socket.close(),
  };
}
