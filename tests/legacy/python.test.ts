/** Clients of S3 and S4 in Python, by the libraries that their documents name; skipped where Python has none of them. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { programs, root } from '../process/program.ts';
import { listen } from './socket-clients.ts';

const runs = programs();
const secret = 's'.repeat(40);
let server: Runtime;

beforeAll(async () => {
  server = await runs.start(['--no-open'], { env: { SECRET_KEY: secret, LOG_LEVEL: 'warn' } }).ready();
});
afterAll(() => runs.clean());

/** The first Python that has all these modules: the system's own is not always the first on the path. */
function pythonWith(modules: string): string | null {
  const has = (python: string) => spawnSync(python, ['-c', `import ${modules}`]).status === 0;
  return ['python3', '/usr/bin/python3'].find(has) ?? null;
}
const forS3 = pythonWith('socketio, requests');
const forS4 = pythonWith('websockets');

/** `said` is all of its output, by lines. */
function run(python: string, file: string, ...args: string[]) {
  const child = spawn(python, [join(root, 'tests/legacy', file), ...args]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return new Promise<{ code: number | null; said: string[] }>(resolve =>
    child.once('close', code => resolve({ code, said: said.trim().split('\n') })),
  );
}

test('[PY1] a Python client of S3 and one in JavaScript write to each other, and its receipt comes back', async context => {
  if (!forS3) return context.skip('there is no Python with python-socketio and requests');
  const url = `http://127.0.0.1:${server.port}`;
  const other = listen(url, ['direct_chat_joined', 'receive_message'], { query: { user_id: '456' } });
  try {
    other.emit('join_direct_chat', { other_user_id: '123' });
    const { sala_uuid } = await other.next('direct_chat_joined');
    const ended = run(forS3, 'chat_s3.py', url, '123', '456');
    expect(await other.next('receive_message')).toMatchObject({ from: '123', message: '¡Hola!' });
    other.emit('send_message', { sala_uuid, message: 'Buenas', sender_id: '456', type: 'directo' });
    const { code, said } = await ended;
    expect(said).toEqual(['connected 123', 'ack sent', 'receive_message 456 Buenas', 'read_confirmed 123']);
    expect(code).toBe(0);
  } finally {
    other.close();
  }
});

test('[PY2] a Python client of S4 signs in by its first message, and each request gets its own answer', async context => {
  if (!forS4) return context.skip('there is no Python with websockets');
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('user123')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  const { code, said } = await run(forS4, 'requests_s4.py', `ws://127.0.0.1:${server.port}/ws`, token, 'user123');
  for (const line of ['event connected', 'response msg-1 []', 'error msg-2 not_found']) expect(said).toContain(line);
  expect(code).toBe(0);
});

test.each(['/healtcheck', '/healthcheck', '/health'])('[OLD1] GET %s says that the server is there', async path => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d/),
    uptime_s: expect.any(Number),
  });
});
