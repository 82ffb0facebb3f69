import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from './log.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mostrador-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = () => readdirSync(join(dir, 'logs')).map(name => join(dir, 'logs', name));
const written = () =>
  files()
    .map(path => readFileSync(path, 'utf8'))
    .join('');

test('[LOG1] lines are JSON with time, level and message, in a file of its owner alone, whole after stop', async () => {
  const { log, stop } = await createLog({ level: 'info', dir, console: null });
  log.info({ port: 8080 }, 'listening');
  log.debug({}, 'not at this level');
  await stop();
  log.info({}, 'too late');
  const lines = written()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(lines).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), port: 8080, msg: 'listening' }]);
  if (process.platform !== 'win32') expect(statSync(files()[0] ?? '').mode & 0o777).toBe(0o600);
});

test('[LOG2] tokens, codes and persons never get in, at any depth, in any spelling, in errors, addresses and sentences', async () => {
  const shown: string[] = [];
  const { log, stop } = await createLog({ level: 'debug', dir, console: { write: text => shown.push(text) } });
  const secret = 'S3CRETS3CRETS3CRETS3CRET';
  log.info({ token: secret, phone_token: secret, operatorToken: secret, claim: secret, code: 'K7M9Q2' }, 'flat');
  log.info({ a: { b: { c: [{ d: { idPersona: 'PERSONA-123456', Authorization: secret } }] } } }, 'deep');
  log.info({ url: `/J/${secret}`, req: { url: `/ws?x=1&token=${secret}` } }, 'addresses');
  log.warn({ list: [`http://192.168.1.5:8080/j/${secret}#x`, new URL(`http://h/?token=${secret}`)] }, 'more addresses');
  log.error({ err: Object.assign(new Error(`GET /J/${secret}`), { token: secret, code: 'ENOSPC' }) }, 'an error');
  log.error(new Error('outer', { cause: new Error(`Bearer ${secret}`) }), `told: Authorization: Bearer ${secret}`);
  log.child({ idPersona: 'PERSONA-123456' }).info(`GET /J/${secret} 200`);
  const cycle: Record<string, unknown> = { token: secret };
  cycle.self = cycle;
  log.info(cycle, 'a cycle');
  await stop();
  for (const text of [written(), shown.join('')]) {
    expect(text.trim().split('\n').length).toBeGreaterThanOrEqual(8);
    for (const hidden of [secret, 'K7M9Q2', 'PERSONA-123456']) expect(text).not.toContain(hidden);
  }
  expect(written()).toContain('ENOSPC');
  expect(written()).toContain('log.test.ts');
});

test('[LOG3] what helps to find a fault stays: error codes, other fields, buffers by their size', async () => {
  const { log, stop } = await createLog({ level: 'debug', dir, console: null });
  log.info(
    { code: 'not_found', close: { code: 1006 }, body: Buffer.alloc(9), sql: 'SELECT 1', at: new Date(0) },
    'kept',
  );
  await stop();
  expect(JSON.parse(written())).toMatchObject({
    code: 'not_found',
    close: { code: 1006 },
    body: '[9 bytes]',
    at: '1970-01-01T00:00:00.000Z',
  });
});

test('[LOG4] people read one short line for each', async () => {
  const shown: string[] = [];
  const { log, stop } = await createLog({ level: 'info', dir, console: { write: text => shown.push(text) } });
  log.warn({ port: 8080 }, 'the port is taken');
  log.error({ err: new Error('no room') }, 'not kept');
  await stop();
  expect(shown[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}the port is taken {2}port=8080\n$/);
  expect(shown[1]).toMatch(/ error not kept {2}err=no room\n$/);
});

test('[LOG5] the files are bounded: past 10 MB a new one, and never more than five', async () => {
  const { log, stop } = await createLog({ level: 'info', dir, console: null });
  const filler = 'x'.repeat(200_000);
  for (let n = 0; n < 350; n++) {
    log.info({ filler }, 'one of many');
    // The file is written between turns; without them everything would wait in memory.
    if (n % 10 === 9) await new Promise(resolve => setImmediate(resolve));
  }
  await stop();
  expect(files().length).toBeGreaterThan(1);
  expect(files().length).toBeLessThanOrEqual(5);
  for (const path of files()) expect(statSync(path).size).toBeLessThan(16_000_000);
});
