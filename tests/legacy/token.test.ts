/** The command line that gives out keys, beside a server that runs and without one. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { programs, root } from '../process/program.ts';
import { connect } from './peer.ts';

const runs = programs();
afterAll(() => runs.clean());

interface Answer {
  code: number | null;
  out: string;
  err: string;
}

function mostrador(dataDir: string, words: string[], env: Record<string, string> = {}): Promise<Answer> {
  const child = spawn(process.execPath, [join(root, 'scripts/mostrador.mjs'), ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const answer: Answer = { code: null, out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    answer.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    answer.err += text;
  });
  return new Promise(resolve => child.once('close', code => resolve({ ...answer, code })));
}

test.runIf(process.platform !== 'win32')('[TOKEN310] the package has the command mostrador by that name', () => {
  const found = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(found.bin).toEqual({ mostrador: 'scripts/mostrador.mjs' });
  const said = execFileSync(join(root, found.bin.mostrador), ['--help'], { encoding: 'utf8' });
  expect(said).toContain('token --sub');
});

test('[TOKEN1] a token made before the server ever ran opens it, with its role, and one made beside it too', async () => {
  const dataDir = join(runs.folder(), 'data');
  const early = await mostrador(dataDir, ['token', '--sub', 'crm', '--role', 'integration']);
  expect(early).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/) });
  const claims = decodeJwt(early.out.trim());
  expect(claims).toMatchObject({ sub: 'crm', role: 'integration', jti: expect.stringMatching(/^[0-9a-f]{12}$/) });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(90 * 24 * 60 * 60);

  const runtime = await runs.start(['--no-open'], { dataDir }).ready();
  const late = await mostrador(dataDir, ['token', '--sub=ana', '--role=admin', '--days=2', '--lang', 'en']);
  expect(late).toMatchObject({ code: 0, err: expect.stringContaining('valid until') });
  for (const [token, user_id, role] of [
    [early.out.trim(), 'crm', 'integration'],
    [late.out.trim(), 'ana', 'admin'],
  ]) {
    const peer = await connect(`http://127.0.0.1:${runtime.port}/ws?token=${token}`);
    expect(JSON.parse(await peer.next()).payload.data).toMatchObject({ user_id, role });
    peer.close();
  }
  const list = await mostrador(dataDir, ['token', 'list']);
  expect(list.code).toBe(0);
  const rows = list.out
    .trim()
    .split('\n')
    .map(line => line.split('\t'));
  expect(rows.map(([id, role, , , state, sub]) => [id, role, state, sub])).toEqual([
    [claims.jti, 'integration', 'válido', 'crm'],
    [decodeJwt(late.out.trim()).jti, 'admin', 'válido', 'ana'],
  ]);
  // Neither the tokens nor the key are anywhere in what was said besides.
  expect(list.out + list.err).not.toContain(early.out.trim().split('.')[2]);
});

test('[TOKEN5] a token made without a role is a user’s', async () => {
  const made = await mostrador(join(runs.folder(), 'data'), ['token', '--sub', 'user789']);
  expect(made).toMatchObject({ code: 0 });
  expect(decodeJwt(made.out.trim())).toMatchObject({ sub: 'user789', role: 'user' });
});

test('[TOKEN2] a revoked token is refused and its connections end within 2 s; others stay', async () => {
  const dataDir = join(runs.folder(), 'data');
  const runtime = await runs.start(['--no-open'], { dataDir }).ready();
  const url = `http://127.0.0.1:${runtime.port}`;
  const [good, bad] = await Promise.all(
    ['buena', 'mala'].map(async sub =>
      (await mostrador(dataDir, ['token', '--sub', sub, '--role', 'integration'])).out.trim(),
    ),
  );
  const [native, raw, s1, other] = await Promise.all([
    connect(`${url}/ws?token=${bad}`),
    connect(`${url}/?token=${bad}`),
    connect(`${url}/?token=${bad}`),
    connect(`${url}/ws?token=${good}`),
  ]);
  s1.send({ type: 'get_status' });
  await s1.find(({ type }) => type === 'status');
  await native.next();
  const { jti = '' } = decodeJwt(bad ?? '');
  expect((await mostrador(dataDir, ['token', 'revoke', jti])).code).toBe(0);
  const revokedAt = performance.now();
  const ask = (token?: string) => fetch(`${url}/api/photos`, { headers: { Authorization: `Bearer ${token}` } });
  expect((await ask(bad)).status).toBe(401);
  await expect(connect(`${url}/?token=${bad}`)).rejects.toThrow('refused 401');
  expect(await Promise.all([native.closed, raw.closed, s1.closed])).toEqual([4401, 4401, 4401]);
  expect(performance.now() - revokedAt).toBeLessThan(2_000);
  expect(JSON.parse(native.heard.at(-1) ?? '')).toMatchObject({ type: 'error', payload: { code: 'unauthorized' } });
  expect((await ask(good)).status).toBe(200);
  expect(other.socket.readyState).toBe(other.socket.OPEN);
  const list = await mostrador(dataDir, ['token', 'list', '--lang', 'en']);
  expect(list.out).toMatch(new RegExp(`${jti}.*revoked`));
  expect(await mostrador(dataDir, ['token', 'revoke', 'nobody'])).toMatchObject({ code: 1, out: '' });
  other.close();
});

test('[TOKEN3] what cannot be understood is exit 2, with what is allowed and how it is written', async () => {
  const dataDir = join(runs.folder(), 'data');
  const bad: string[][] = [
    [],
    ['tokens'],
    ['token', '--role', 'admin'],
    ['token', '--sub', '', '--role', 'admin'],
    ['token', '--sub', 'x'.repeat(65), '--role', 'admin'],
    ['token', '--sub', 'a', '--role', 'phone'],
    ['token', '--sub', 'a', '--role', ''],
    ['token', '--sub', 'a', '--role', 'admin', '--days', '0'],
    ['token', '--sub', 'a', '--role', 'admin', '--days', '1.5'],
    ['token', '--sub', 'a', '--role', 'admin', '--hours', '3'],
    ['token', 'revoke'],
    ['token', 'list', '--sub', 'a'],
    ['secret', 'again'],
  ];
  const answers = await Promise.all(bad.map(words => mostrador(dataDir, words)));
  for (const [index, { code, out, err }] of answers.entries()) {
    expect({ code, out }, bad[index]?.join(' ')).toEqual({ code: 2, out: '' });
    expect(err).toContain('npm run mostrador -- token --sub');
  }
  expect((await mostrador(dataDir, ['--help'])).code).toBe(0);
});

test('[TOKEN305] a data folder that is not there is not made for a list: it says so', async () => {
  const dataDir = join(runs.folder(), 'mistyped');
  for (const words of [
    ['token', 'list'],
    ['token', 'revoke', 'x'],
  ]) {
    expect(await mostrador(dataDir, words)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(dataDir) });
  }
  expect(existsSync(dataDir)).toBe(false);
});

test('[TOKEN4] a server with another SECRET_KEY is told apart, and «secret» shows a new key each time, never the stored one', async () => {
  const dataDir = join(runs.folder(), 'data');
  const SECRET_KEY = 'a key that only the server was given, 32+';
  await runs.start(['--no-open'], { dataDir, env: { SECRET_KEY } }).ready();
  const words = ['token', '--sub', 'a', '--role', 'admin'];
  expect(await mostrador(dataDir, words)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('SECRET_KEY'),
  });
  expect((await mostrador(dataDir, words, { SECRET_KEY })).code).toBe(0);
  const secrets = await Promise.all([1, 2].map(async () => (await mostrador(dataDir, ['secret'], { SECRET_KEY })).out));
  expect(new Set([...secrets, `${SECRET_KEY}\n`]).size).toBe(3);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}\n$/);
});
