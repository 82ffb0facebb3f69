/** From `node` to a server that answers. Next to it the least that could be: Express and ws listening, and nothing else. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { startServer } from './server-process.ts';
import { quantile, type Row } from './table.ts';

const runs = 7;

export async function startUp(): Promise<Row[]> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const server = await startServer();
    await server.stop();
    const least = await bareServer();
    if (run === 0) continue;
    ours.push(server.readyAfterMs);
    bare.push(least);
  }
  return [
    { what: `headless start to ready, median of ${runs}`, value: quantile(ours, 0.5), unit: 'ms', limit: 1500 },
    {
      what: `express and ws listening, nothing else, median of ${runs}`,
      value: quantile(bare, 0.5),
      unit: 'ms',
      limit: null,
    },
  ];
}

const program = `
import express from 'express';
import { WebSocketServer } from 'ws';
const server = express().listen(0, '127.0.0.1', () => process.exit(0));
new WebSocketServer({ server });
`;

async function bareServer(): Promise<number> {
  const began = performance.now();
  const cwd = resolve(import.meta.dirname, '..');
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd, stdio: 'inherit' });
  await new Promise(done => child.once('exit', done));
  return performance.now() - began;
}
