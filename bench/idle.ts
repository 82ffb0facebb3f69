/**
 * What a connection costs that is there and says nothing: 5,000 at once, memory of the server's process after a garbage
 * collection, less what it had before. Next to it a bare `ws` server and a bare Socket.IO one with as many WebSockets.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { startServer } from './server-process.ts';
import type { Row } from './table.ts';

const connections = 5_000;
const limitKb = 10;
/** Opens its share of the connections each: one process may not hold as many files as it would take. */
const crowds = 4;

export async function idle(): Promise<Row[]> {
  const server = await startServer({}, ['--inspect=127.0.0.1:0']);
  const ours = await measure(server.inspector, `${server.url}/ws?token=${server.operatorToken}`).finally(server.stop);
  const bare = await measureOther(bareServer, '/');
  const socketIo = await measureOther(socketIoServer, '/socket.io/?EIO=4&transport=websocket');
  const what = `${connections} idle connections, memory of each`;
  const row = (name: string, value: number, limit: number | null = null) => ({
    what: `${what}: ${name}`,
    value,
    unit: 'KB',
    limit,
  });
  return [
    row('ours, JavaScript heap and buffers', ours.heap),
    row('ours, whole process', ours.process, limitKb),
    row('bare ws, heap and buffers', bare.heap),
    row('bare ws, whole process', bare.process),
    row('bare Socket.IO, heap and buffers', socketIo.heap),
    row('bare Socket.IO, whole process', socketIo.process),
  ];
}

/** `url` with http; in KB a connection. */
async function measure(inspector: string, url: string) {
  const memory = await inspect(inspector);
  const before = await memory.read();
  const children = Array.from({ length: crowds }, () => run(crowd));
  try {
    const share = { url: url.replace(/^http/, 'ws'), count: connections / crowds };
    for (const child of children) child.send(share);
    await Promise.all(children.map(told));
    const after = await memory.read();
    const each = (field: 'heap' | 'process') => (after[field] - before[field]) / connections / 1_000;
    return { heap: each('heap'), process: each('process') };
  } finally {
    for (const child of children) child.kill();
    memory.close();
  }
}

async function measureOther(program: string, path: string) {
  const child = run(program);
  try {
    const { port, inspector } = z.parse(z.object({ port: z.int(), inspector: z.string() }), await told(child));
    return await measure(inspector, `http://127.0.0.1:${port}${path}`);
  } finally {
    child.kill();
  }
}

const usage = z.object({
  result: z.object({
    result: z.object({ value: z.object({ rss: z.number(), heapUsed: z.number(), external: z.number() }) }),
  }),
});

/** Reads a process's memory over its inspector, in bytes, each time after a garbage collection. */
async function inspect(address: string) {
  const socket = new WebSocket(address);
  await new Promise((done, failed) => socket.once('open', done).once('error', failed));
  let last = 0;
  const ask = (method: string, params = {}) => {
    const id = ++last;
    const answer = new Promise<unknown>(done => {
      const hear = (data: Buffer) => {
        const said = JSON.parse(data.toString());
        if (said.id !== id) return;
        socket.off('message', hear);
        done(said);
      };
      socket.on('message', hear);
    });
    socket.send(JSON.stringify({ id, method, params }));
    return answer;
  };
  return {
    async read() {
      // Twice: what finalizers let go of in the first is collected in the second.
      for (let time = 0; time < 2; time++) await ask('HeapProfiler.collectGarbage');
      const said = await ask('Runtime.evaluate', { expression: 'process.memoryUsage()', returnByValue: true });
      const { rss, heapUsed, external } = z.parse(usage, said).result.result.value;
      return { heap: heapUsed + external, process: rss };
    },
    close: () => socket.terminate(),
  };
}

function run(program: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function told(child: ChildProcess): Promise<unknown> {
  return new Promise((done, reject) => {
    const ended = (code: number | null) => reject(new Error(`ended with ${code}`));
    child.once('exit', ended);
    child.once('message', value => {
      child.off('exit', ended);
      done(value);
    });
  });
}

const listening = `
http.listen(0, '127.0.0.1', () => {
  inspector.open(0, '127.0.0.1');
  process.send({ port: http.address().port, inspector: inspector.url() });
});
`;

const bareServer = `
import { createServer } from 'node:http';
import inspector from 'node:inspector';
import { WebSocketServer } from 'ws';
const http = createServer();
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', socket => socket.send('{}'));
${listening}`;

const socketIoServer = `
import { createServer } from 'node:http';
import inspector from 'node:inspector';
import { Server } from 'socket.io';
const http = createServer();
new Server(http, { transports: ['websocket'], perMessageDeflate: false });
${listening}`;

/** Opens connections, each until the server has said something; of Socket.IO the answer to our own word. */
const crowd = `
import { WebSocket } from 'ws';
process.on('disconnect', () => process.exit());
process.on('message', async ({ url, count }) => {
  for (let from = 0; from < count; from += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - from) }, () => open(url)));
  }
  process.send(0);
});
function open(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', data => {
      if (data[0] === 48) return socket.send('40');
      if (data.length === 1 && data[0] === 50) return socket.send('3');
      resolve();
    });
  });
}
`;
